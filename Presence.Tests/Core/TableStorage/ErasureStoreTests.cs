using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core.TableStorage;

public sealed class TableErasureStoreTests(AzuriteFixture azurite) : ErasureStoreContract(azurite)
{
    private Instance? _instance;

    private IMaintenanceStore Maintenance => Instance.Get<IMaintenanceStore>();

    private protected override Instance Instance => _instance ??= Create();

    private protected override async Task PlantAsync(string conversation, PresenceKey user)
    {
        await Instance.Get<PresenceTable>().OpenAsync(Cancellation);
        await Table.AddEntityAsync(
            default(UserRecords).ViewOf(user).ToRosterEntity(TableKeys.Conversation(conversation), TableKeys.Roster(user, 0)), Cancellation);
    }

    private protected override async Task PlantCountAsync(PresenceKey user)
    {
        await Instance.Get<PresenceTable>().OpenAsync(Cancellation);
        await Table.AddEntityAsync(new TableEntity(PartitionOf(user), TableKeys.Count(user)), Cancellation);
    }

    private protected override Task AddUpAsync() => Maintenance.AddUpUsersAsync(Cancellation);

    private protected override Task<long> CountAsync() => Maintenance.CountUsersAsync(Cancellation);

    private string PartitionOf(PresenceKey user) => TableKeys.Partition(TableKeys.Shard(user, Instance.DueStore.ShardCount));
}

public sealed class InMemoryErasureStoreTests(AzuriteFixture azurite) : ErasureStoreContract(azurite)
{
    private readonly InMemoryPresenceStore _store = new();
    private Instance? _instance;

    private protected override Instance Instance => _instance ??= Instance.OverMemory(_store, Clock);

    private protected override Task PlantAsync(string conversation, PresenceKey user)
    {
        _store.Plant(conversation, user);
        return Task.CompletedTask;
    }

    private protected override Task PlantCountAsync(PresenceKey user)
    {
        _store.PlantCount(user);
        return Task.CompletedTask;
    }

    private protected override Task AddUpAsync()
    {
        _store.AddUpUsers();
        return Task.CompletedTask;
    }

    private protected override Task<long> CountAsync() => Task.FromResult(_store.CountUsers());
}
