using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Sweep;

/// <summary>A sweep ends before the next one is due, whatever storage and the SignalR service do. The schedule is one every 15 s.</summary>
public sealed class SweepTimeTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private InMemoryPresenceStore _store = new(shardCount: 2);
    private readonly NoMaintenanceStore _maintenance = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Instance _instance;

    public SweepTimeTests() => _instance = Instance.OverMemory(_store, _clock, realtime: _realtime, maintenance: _maintenance);

    [Fact]
    public async Task AShardThatCannotBeReadToItsEndIsLeftAfterHalfTheInterval()
    {
        await ComeAsync(Users(10));
        var (others, left) = (Users(10).Count(u => _store.ShardOf(u) == 1), 0);
        _store.OnScan = shard => shard == 0 ? new TaskCompletionSource().Task : Task.CompletedTask;
        _store.OnCrossOut = done => (left += done.Count) == others ? OthersAreDone() : Task.CompletedTask;

        var report = await EndsAfterAsync(Seconds(7.5));

        // The other shard is done, but the clock may be quicker than its saying so.
        Assert.Equal(others, report.Transitions);
        Assert.InRange(report.FailedShards, 1, 2);
    }

    /// <summary>Many more than are swept at once.</summary>
    [Fact]
    public async Task ShardsOfAPartThatDoesNotAnswerTakeNoTurnOfThoseOfAnother()
    {
        int[] shards = [.. Enumerable.Range(0, 64)];
        _store = new InMemoryPresenceStore(shards.Length) { Parts = [[.. shards.Where(s => s % 2 == 0)], [.. shards.Where(s => s % 2 == 1)]] };
        _instance = Instance.OverMemory(_store, _clock, realtime: _realtime, maintenance: _maintenance);
        await ComeAsync(Users(200));
        var (others, left) = (Users(200).Count(u => _store.ShardOf(u) % 2 == 1), 0);
        _store.OnScan = shard => shard % 2 == 0 ? new TaskCompletionSource().Task : Task.CompletedTask;
        _store.OnCrossOut = done => Interlocked.Add(ref left, done.Count) == others ? OthersAreDone() : Task.CompletedTask;

        Assert.Equal(others, (await EndsAfterAsync(Seconds(7.5))).Transitions);
    }

    /// <summary>Such as when it lies in the account that is out of reach.</summary>
    [Fact]
    public async Task WhenTheLastSweepWasIsAskedForTwoSeconds()
    {
        await ComeAsync([Alice]);
        _maintenance.OnFind = Hang;

        // While it is not known, there may have been a gap, in which everybody has one window more.
        _clock.Advance(Seconds(65));
        Assert.Equal(1, (await EndsAfterAsync(Seconds(2))).Transitions);
    }

    [Fact]
    public async Task AServiceThatNeverAnswersEndsTheSweepNoLater()
    {
        await ComeAsync([Alice]);
        _realtime.OnCall = _ => Hang();

        var report = await EndsAfterAsync(Seconds(2));

        Assert.Equal((0, 1), (report.FailedShards, report.Transitions));
        Assert.Single(_store.Duties);
    }

    [Fact]
    public async Task AReportThatCannotBeKeptEndsTheSweepNoLater()
    {
        await ComeAsync([Alice]);
        _maintenance.OnKeep = Hang;

        Assert.Equal(1, (await EndsAfterAsync(Seconds(2))).Transitions);
    }

    private async Task ComeAsync(IEnumerable<PresenceKey> users)
    {
        foreach (var user in users)
        {
            await _instance.ApplyAsync(user, new Activity(Start));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
    }

    /// <summary>From here on time passes.</summary>
    private Task OthersAreDone()
    {
        _hanging.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>What waits from now on waits for ever.</summary>
    private Task Hang()
    {
        _hanging.TrySetResult();
        return new TaskCompletionSource().Task;
    }

    /// <summary>From when something hangs, so much time passes and no more.</summary>
    private async Task<SweepReport> EndsAfterAsync(TimeSpan most)
    {
        var sweep = _instance.Sweep.RunAsync(TestContext.Current.CancellationToken);
        await _hanging.Task;
        _clock.Advance(most);
        return await sweep;
    }
}
