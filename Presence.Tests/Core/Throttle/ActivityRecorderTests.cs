using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Throttle;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public sealed class ActivityRecorderTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance _instance;

    public ActivityRecorderTests() => _instance = Create();

    [Fact]
    public async Task TheFirstCallBringsTheUserOnlineAndAnnouncesIt()
    {
        var result = await RecordAsync();

        Assert.Equal((PresenceStatus.Online, false, Start + Seconds(65)), (result.Status, result.Throttled, result.NextRecordAt));
        Assert.Equal(PresenceStatus.Online, Assert.Single(result.Transitions).View.Status);
    }

    [Fact]
    public async Task AThrottledCallDoesNoIO()
    {
        await RecordAsync();
        var (loads, commits) = (_store.Loads, _store.Commits);

        for (var second = 1; second <= 64; second++)
        {
            _clock.Advance(Seconds(1));
            var result = await RecordAsync();
            Assert.Equal((true, PresenceStatus.Online, Start + Seconds(65)), (result.Throttled, result.Status, result.NextRecordAt));
            Assert.Empty(result.Transitions);
        }

        Assert.Equal((loads, commits), (_store.Loads, _store.Commits));
        _clock.Advance(Seconds(1));
        Assert.False((await RecordAsync()).Throttled);
    }

    [Fact]
    public async Task ManyCallsOfOneUserAtOnceMakeOneCommitAndOneAnnouncement()
    {
        var gate = new TaskCompletionSource();
        _store.OnLoad = _ => gate.Task;
        var calls = Enumerable.Range(0, 200).Select(_ => RecordAsync()).ToList();

        gate.SetResult();
        var results = await Task.WhenAll(calls);

        Assert.Equal((1, 1), (_store.Loads, _store.Commits));
        Assert.Single(results, r => !r.Throttled);
        Assert.Single(results.SelectMany(r => r.Transitions));
        Assert.Equal(new ActivityCounts(200, 199, 1, 0), _instance.Counts);
    }

    [Fact]
    public async Task CallsOfDifferentUsersDoNotWaitForOneAnother()
    {
        var gate = new TaskCompletionSource();
        _store.OnLoad = user => user == Alice ? gate.Task : Task.CompletedTask;
        var alice = RecordAsync();

        Assert.False((await RecordAsync(Bob)).Throttled);
        gate.SetResult();
        Assert.False((await alice).Throttled);
    }

    [Fact]
    public async Task WhereAnotherInstanceHasRecordedNothingIsWritten()
    {
        await using var other = Create();
        await other.Recorder.RecordAsync(Alice, Start);
        _clock.Advance(Seconds(30));

        var result = await RecordAsync();

        Assert.Equal((true, Start + Seconds(65), 1), (result.Throttled, result.NextRecordAt, _store.Commits));
    }

    [Fact]
    public async Task SignOutReopensTheWindow()
    {
        await RecordAsync();
        _clock.Advance(Seconds(1));
        await _instance.ApplyAsync(Alice, new SignedOut());
        _clock.Advance(Seconds(1));

        var result = await RecordAsync();

        Assert.Equal((PresenceStatus.Online, false), (result.Status, result.Throttled));
        Assert.Single(result.Transitions);
    }

    [Fact]
    public async Task SignOutWhoseAnswerWasLostReopensTheWindow()
    {
        await RecordAsync();
        _clock.Advance(Seconds(1));
        _store.OnCommitted = _ => throw new StoreUnavailableException("lost");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _instance.ApplyAsync(Alice, new SignedOut()));
        _store.OnCommitted = null;
        _clock.Advance(Seconds(1));

        var result = await RecordAsync();

        Assert.Equal((PresenceStatus.Online, false), (result.Status, result.Throttled));
        Assert.Equal([PresenceStatus.Offline, PresenceStatus.Online], result.Transitions.Select(t => t.View.Status));
    }

    [Fact]
    public async Task TheLastConnectionClosedReopensTheWindow()
    {
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        await RecordAsync();
        await _instance.ApplyAsync(Alice, new Disconnected(Connection));
        _clock.Advance(Seconds(1));

        Assert.False((await RecordAsync()).Throttled);
    }

    [Fact]
    public async Task TurningAwayReopensTheWindow()
    {
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        _clock.Advance(TimeSpan.FromMinutes(5));
        await _instance.ApplyAsync(Alice, new Due());

        var result = await RecordAsync();

        Assert.Equal((PresenceStatus.Online, false), (result.Status, result.Throttled));
        Assert.Single(result.Transitions);
    }

    [Fact]
    public async Task SignOutWhileAFlightIsUnderWayIsNotForgotten()
    {
        var flight = await DepartAsync();
        _clock.Advance(Seconds(1));
        await _instance.ApplyAsync(Alice, new SignedOut());
        flight.Arrives();
        await flight.Result;
        _clock.Advance(Seconds(1));

        var result = await RecordAsync();

        Assert.Equal((PresenceStatus.Online, false), (result.Status, result.Throttled));
    }

    [Fact]
    public async Task WhoBoardsAFlightAfterSigningOutIsRecordedAnew()
    {
        var flight = await DepartAsync();
        _clock.Advance(Seconds(1));
        await _instance.ApplyAsync(Alice, new SignedOut());
        _clock.Advance(Seconds(1));
        var aboard = RecordAsync();

        flight.Arrives();
        await flight.Result;

        Assert.Equal((PresenceStatus.Online, false), ((await aboard).Status, (await aboard).Throttled));
        Assert.Equal(PresenceStatus.Online, (await _instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task WhoBoardsAFlightThatIsRefusedIsRecordedAnew()
    {
        await RecordAsync();
        var beganBefore = _clock.GetUtcNow() + Seconds(1);
        _clock.Advance(Seconds(2));
        await _instance.ApplyAsync(Alice, new SignedOut());
        _clock.Advance(Seconds(1));
        var gate = new TaskCompletionSource();
        _store.OnLoad = _ => gate.Task;
        var stale = _instance.Recorder.RecordAsync(Alice, beganBefore).AsTask();
        var aboard = RecordAsync();

        gate.SetResult();

        Assert.Equal((PresenceStatus.Offline, null), ((await stale).Status, (await stale).NextRecordAt));
        Assert.Equal((PresenceStatus.Online, false), ((await aboard).Status, (await aboard).Throttled));
    }

    [Fact]
    public async Task AFailureReachesAllAboardAndTheNextCallTriesAgain()
    {
        var gate = new TaskCompletionSource();
        _store.OnLoad = _ => gate.Task;
        var calls = Enumerable.Range(0, 10).Select(_ => RecordAsync()).ToList();

        gate.SetException(new StoreUnavailableException("out of reach"));
        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        }

        _store.OnLoad = null;
        Assert.Equal(new ActivityCounts(10, 0, 0, 10), _instance.Counts);
        Assert.False((await RecordAsync()).Throttled);
    }

    [Fact]
    public async Task ForcedActivityIsRecordedWhateverTheWindow()
    {
        await RecordAsync();
        _clock.Advance(Seconds(1));

        var result = await _instance.Recorder.ForceRecordAsync(Alice);

        Assert.Equal((false, 2), (result.Throttled, _store.Commits));
        Assert.Empty(result.Transitions);
    }

    [Fact]
    public async Task ARowFromAClockThatRunsAheadSilencesForNoLongerThanAWindow()
    {
        var ahead = new FakeTimeProvider(Start + TimeSpan.FromMinutes(3));
        await using var other = Instance.OverMemory(_store, ahead);
        await other.Recorder.RecordAsync(Alice, ahead.GetUtcNow());

        var result = await RecordAsync();

        Assert.Equal((true, Start + Seconds(65)), (result.Throttled, result.NextRecordAt));
    }

    [Fact]
    public async Task TheCountsSayWhatBecameOfEachCall()
    {
        await RecordAsync();
        await RecordAsync();
        await _instance.ApplyAsync(Alice, new SignedOut());
        await RecordAsync();

        Assert.Equal(new ActivityCounts(3, 1, 1, 0), _instance.Counts);
        Assert.Equal(33.33, _instance.Counts.ThrottleRate);
    }

    [Fact]
    public async Task TheCacheShrinksByItself()
    {
        await RecordAsync();
        await RecordAsync(Bob);
        Assert.Equal(2, _instance.Recorder.CacheSize);

        _clock.Advance(Seconds(65));
        Assert.Equal(0, _instance.Recorder.CacheSize);
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private Task<ActivityResult> RecordAsync(PresenceKey? user = null) =>
        _instance.Recorder.RecordAsync(user ?? Alice, _clock.GetUtcNow()).AsTask();

    /// <summary>A first call of Alice whose write storage has applied, and whose answer is held back.</summary>
    private async Task<(Task<ActivityResult> Result, Action Arrives)> DepartAsync()
    {
        var (applied, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.OnCommitted = _ =>
        {
            _store.OnCommitted = null;
            applied.SetResult();
            return answer.Task;
        };
        var result = RecordAsync();
        await applied.Task;
        return (result, answer.SetResult);
    }

    private Instance Create() => Instance.OverMemory(_store, _clock);
}
