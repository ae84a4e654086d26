using Presence.Core.Ports;

namespace Presence.Tests.Core.TableStorage;

public sealed class TablePresenceStoreTests(AzuriteFixture azurite) : PresenceStoreContract(azurite)
{
    private protected override IPresenceStore CreateStore() => Create().Store;
}

public sealed class InMemoryPresenceStoreTests(AzuriteFixture azurite) : PresenceStoreContract(azurite)
{
    private protected override IPresenceStore CreateStore() => new InMemoryPresenceStore();
}
