using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

public sealed class PresenceTableTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task AnotherShardCountIsRefused()
    {
        await Create().Get<PresenceTable>().OpenAsync(Cancellation);

        var refusal = await Assert.ThrowsAsync<ShardCountMismatchException>(
            () => Create(o => o.ShardCount = 8).Get<PresenceTable>().OpenAsync(Cancellation));

        Assert.Contains("4 shards", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Presence:ShardCount is 8", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyInstancesMayOpenItAtOnce() =>
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Create().Get<PresenceTable>().OpenAsync(Cancellation)));

    [Fact]
    public async Task ATableDeletedUnderneathIsMadeAnew()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        await Table.DeleteAsync(Cancellation);

        var change = await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(2, instance.Realtime.Told.Count);
        Assert.Equal(change.After.ViewOf(Alice), instance.Realtime.Told[^1]);
        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
        await Assert.ThrowsAsync<ShardCountMismatchException>(() => Create(o => o.ShardCount = 8).Get<PresenceTable>().OpenAsync(Cancellation));
    }

    [Fact]
    public async Task ATableDeletedBeforeASweepIsMadeAnewByIt()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        await Table.DeleteAsync(Cancellation);

        var report = await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal((0, 0), (report.Due, report.FailedShards));
        Assert.NotNull(await instance.Get<IMaintenanceStore>().FindLastSweepAsync(Cancellation));
    }

    [Fact]
    public async Task ARosterRowRemovedByHandDoesNotKeepAUserFromLeaving()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Activity(Start));
        var here = (await instance.Store.LoadAsync(Alice, Cancellation)).Records.Version;
        await Table.DeleteEntityAsync(TableKeys.Conversation("lobby"), TableKeys.Roster(Alice, here), cancellationToken: Cancellation);

        await instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal([PresenceStatus.Online, PresenceStatus.Offline], instance.Realtime.Told.Select(v => v.Status));
    }
}
