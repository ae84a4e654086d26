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

public sealed class TablePresenceStoreOverTwoAccountsTests(AzuriteFixture azurite) : PresenceStoreContract(azurite)
{
    private readonly AzuriteFixture _azurite = azurite;
    private string _further = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _further = await _azurite.FurtherConnectionStringAsync();
    }

    private protected override (IPresenceStore Users, IErasureStore Erasures) CreateStores()
    {
        var instance = Create(o => o.StorageAccounts = _further);
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
