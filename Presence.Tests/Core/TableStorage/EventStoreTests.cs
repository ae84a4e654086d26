using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

public sealed class TableEventStoreTests(AzuriteFixture azurite) : EventStoreContract(azurite)
{
    private Instance? _instance;

    private protected override IPresenceStore Store => Instance.Store;

    private protected override IEventStore Events => Instance.Get<IEventStore>();

    private Instance Instance => _instance ??= Create();

    private protected override int ShardOf(PresenceKey user) => TableKeys.Shard(user, Events.ShardCount);

    [Fact]
    public async Task ARowThatCannotBeReadIsPassedOver()
    {
        await Instance.ApplyAsync(Alice, new Activity(Start));
        await Table.AddEntityAsync(
            new TableEntity(TableKeys.Partition(ShardOf(Alice)), TableKeys.Event(Alice, Start.AddTicks(1))) { ["Kind"] = "Unknown" }, Cancellation);

        var read = await Events.ReadAsync(ShardOf(Alice), default, EventPosition.EndOf(Start + Seconds(1)), 1000, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(UserEventKind.Status, Assert.Single(read).Event.Kind);
    }

    /// <summary>Lists of whom a connection watches that are gone already are left out one after the other, each time by another try.</summary>
    [Fact]
    public async Task AnEventLiesWhereTheTryIsSentThatWritesIt()
    {
        var transport = new FaultyTransport();
        _instance = Create(transport: transport);
        foreach (var connection in new[] { "c1", "c2", "c3" })
        {
            await Instance.ApplyAsync(Alice, new Connected(connection, Start, Watching: [Bob]));
            await Table.DeleteEntityAsync(TableKeys.Partition(ShardOf(Alice)), TableKeys.Watches(Alice, connection), cancellationToken: Cancellation);
        }

        List<DateTimeOffset> sent = [];
        transport.OnRequest = request =>
        {
            if (request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))
            {
                sent.Add(Clock.GetUtcNow());
                Clock.Advance(Seconds(4));
            }
        };
        var began = Clock.GetUtcNow();

        Assert.True((await Instance.ApplyAsync(Alice, new SignedOut())).IsOfStatus);

        // Three of them refused, and then one that is made.
        Assert.Equal([began, began + Seconds(4), began + Seconds(8), began + Seconds(12)], sent.Take(4));
        Assert.Equal(sent[3], (await Store.LoadAsync(Alice, Cancellation)).Records.EventAt);
    }

    [Fact]
    public async Task UsersWrittenByAnOlderVersionHaveTheirNextEventLikeAnyOther()
    {
        await Instance.ApplyAsync(Alice, new Activity(Start));
        var row = (await Table.GetEntityAsync<TableEntity>(TableKeys.Partition(ShardOf(Alice)), TableKeys.Online(Alice), cancellationToken: Cancellation)).Value;
        row.Remove(nameof(UserRecord.EventAt));
        await Table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation);
        Clock.Advance(Seconds(1));

        await Instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal(Clock.GetUtcNow(), (await Store.LoadAsync(Alice, Cancellation)).Records.EventAt);
        Assert.Equal(2, await Events.ReadAsync(ShardOf(Alice), default, EventPosition.EndOf(Clock.GetUtcNow()), 1000, Cancellation).CountAsync(Cancellation));
    }
}

public sealed class TableEventStoreOverTwoAccountsTests(AzuriteFixture azurite) : EventStoreContract(azurite)
{
    private readonly AzuriteFixture _azurite = azurite;
    private string _further = "";
    private Instance? _instance;

    private protected override IPresenceStore Store => Instance.Store;

    private protected override IEventStore Events => Instance.Get<IEventStore>();

    private Instance Instance => _instance ??= Create(o => o.StorageAccounts = _further);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _further = await _azurite.FurtherConnectionStringAsync();
    }

    private protected override int ShardOf(PresenceKey user) => TableKeys.Shard(user, Events.ShardCount);
}

public sealed class InMemoryEventStoreTests(AzuriteFixture azurite) : EventStoreContract(azurite)
{
    private InMemoryPresenceStore? _store;

    private protected override IPresenceStore Store => Memory;

    private protected override IEventStore Events => Memory;

    private InMemoryPresenceStore Memory => _store ??= new() { Clock = Clock };

    private protected override int ShardOf(PresenceKey user) => Memory.ShardOf(user);
}
