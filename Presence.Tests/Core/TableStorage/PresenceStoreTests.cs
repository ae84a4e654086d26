using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core.TableStorage;

public sealed class TablePresenceStoreTests(AzuriteFixture azurite) : PresenceStoreContract(azurite)
{
    private protected override (IPresenceStore Users, IErasureStore Erasures) CreateStores()
    {
        var instance = Create();
        return (instance.Store, instance.Get<IErasureStore>());
    }

    private protected override int ShardOf(PresenceKey user) => TableKeys.Shard(user, Dues.ShardCount);
}

public sealed class InMemoryPresenceStoreTests(AzuriteFixture azurite) : PresenceStoreContract(azurite)
{
    private readonly InMemoryPresenceStore _store = new();

    private protected override (IPresenceStore Users, IErasureStore Erasures) CreateStores() => (_store, _store);

    private protected override int ShardOf(PresenceKey user) => _store.ShardOf(user);
}
