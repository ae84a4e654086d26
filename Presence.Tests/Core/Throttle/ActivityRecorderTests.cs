using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Metrics;
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
        await using var instance = Instance.OverMemory(_store, _clock);

        var result = await instance.Recorder.RecordAsync(Alice, Start);

        Assert.Equal((PresenceStatus.Online, false, Start + Seconds(65)), (result.Status, result.Throttled, result.NextRecordAt));
        Assert.Equal(PresenceStatus.Online, Assert.Single(instance.Realtime.ToldTo("conversation:lobby")).Status);
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
        }

        Assert.Equal((loads, commits), (_store.Loads, _store.Commits));
        _clock.Advance(Seconds(1));
        Assert.False((await RecordAsync()).Throttled);
        Assert.Equal(1, Turned("online"));
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
        Assert.Equal(1, Turned("online"));
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

        Assert.Equal((true, 1), (result.Throttled, _store.Commits));
        Assert.InRange(result.NextRecordAt!.Value, Start + Seconds(65 * 1.375), Start + Seconds(65 * 1.625));
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
        Assert.Equal((2, 1), (Turned("online"), Turned("offline")));
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
        Assert.Equal((2, 0), (Turned("online"), Turned("offline")));
        Assert.Equal(PresenceStatus.Offline, Assert.Single(_store.Duties).Duty.News!.View.Status);
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
        Assert.Equal((2, 1), (Turned("online"), Turned("away")));
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
        Assert.Equal(1, Turned("online"));
    }

    [Fact]
    public async Task ACallThatSaysItIsPassiveRecordsNothingAndIsCountedApart()
    {
        _instance.Recorder.Passive();

        Assert.Equal((0, 0, default), (_store.Loads, _store.Commits, _instance.Counts));
        Assert.Equal(1, _instance.Totals.ValueOf(MetricCatalogue.ActivityRequests, ActivityOutcome.Passive));
    }

    [Fact]
    public async Task WhatAFlightFindsThrottledIsHeldBackHere()
    {
        await using var other = Create();
        await other.Recorder.RecordAsync(Alice, Start);
        _clock.Advance(Seconds(30));

        await RecordAsync();

        Assert.Equal(Start + Seconds(30), Held());
    }

    [Fact]
    public async Task WhoeverIsAboardAFlightIsHeldBackIfLater()
    {
        var flight = await DepartAsync();
        _clock.Advance(Seconds(2));
        var aboard = RecordAsync();

        flight.Arrives();
        await flight.Result;
        var result = await aboard;

        Assert.Equal((true, Start + Seconds(65)), (result.Throttled, result.NextRecordAt));
        Assert.Equal((Start + Seconds(2), 1), (Held(), _store.Commits));
    }

    [Fact]
    public async Task WhoeverGivesUpWaitingForAFlightDoesNotEndIt()
    {
        var flight = await DepartAsync();
        using var impatience = new CancellationTokenSource();
        var aboard = _instance.Recorder.RecordAsync(Alice, new Activity(Start), token: null, impatience.Token).AsTask();

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => aboard);
        flight.Arrives();

        Assert.False((await flight.Result).Throttled);
    }

    [Fact]
    public async Task WhatIsHeldBackGoesAlongWithASignOutHere()
    {
        await RecordAsync();
        _clock.Advance(Seconds(40));
        await RecordAsync();
        _clock.Advance(Seconds(10));

        await _instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal(Start + Seconds(40), (await _instance.ViewAsync(Alice)).LastSeenAt);
        Assert.Equal((null, 2), (Held(), _store.Commits));
    }

    [Fact]
    public async Task WhatIsHeldBackGoesAlongWithTheEndOfAConnectionHere()
    {
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        await RecordAsync();
        _clock.Advance(Seconds(40));
        await RecordAsync();
        await _instance.ApplyAsync(Alice, new Disconnected(Connection));
        var commits = _store.Commits;
        _clock.Advance(Seconds(300));

        Assert.Equal(0, await _instance.Get<HeldActivityWriter>().WriteAsync(all: false, TestContext.Current.CancellationToken));
        Assert.Equal((Start + Seconds(40), commits), ((await _instance.ViewAsync(Alice)).LastActiveAt, _store.Commits));
    }

    [Fact]
    public async Task WhatIsHeldBackOfOneTurnedAwayElsewhereIsNotForgotten()
    {
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        await RecordAsync();
        _clock.Advance(Seconds(40));
        await RecordAsync();
        await using var other = Create();
        _clock.Advance(Seconds(260));
        await other.ApplyAsync(Alice, new Due());

        await _instance.ApplyAsync(Alice, new Joined(Conversation));

        Assert.Equal((PresenceStatus.Away, Start + Seconds(40)), ((await _instance.ViewAsync(Alice)).Status, Held()));
    }

    [Fact]
    public async Task WhatIsHeldBackOutlivesAWriteOfUnknownOutcome()
    {
        await RecordAsync();
        _clock.Advance(Seconds(40));
        await RecordAsync();
        _store.OnCommit = _ => throw new StoreUnavailableException("out of reach");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _instance.ApplyAsync(Alice, new Joined(Conversation)));
        _store.OnCommit = null;

        Assert.Equal(Start + Seconds(40), Held());
        Assert.Equal(0, _instance.Recorder.CacheSize);
    }

    [Fact]
    public async Task ACallThatTellsNothingNewDoesNotLoseWhatIsHeldBack()
    {
        await RecordAsync();
        _clock.Advance(Seconds(40));
        await RecordAsync();
        _clock.Advance(Seconds(30));

        await TellAsync(Start + Seconds(10));

        Assert.Equal(Start + Seconds(40), (await _instance.ViewAsync(Alice)).LastActiveAt);
    }

    [Fact]
    public async Task ACallThatTellsOfOldActivityIsNotAnsweredFromTheWindow()
    {
        await RecordAsync();
        var loads = _store.Loads;

        var result = await TellAsync(_clock.GetUtcNow() - TimeSpan.FromMinutes(5));

        Assert.Equal((loads + 1, false, null), (_store.Loads, result.Throttled, Held()));
    }

    [Fact]
    public async Task WhatWasToldLateKeepsNoLaterCallBackUntilItsUserWouldBeGone()
    {
        await TellAsync(Start - Seconds(290));
        _clock.Advance(Seconds(5));

        Assert.False((await RecordAsync()).Throttled);
        Assert.Equal(Start + Seconds(5), (await _instance.ViewAsync(Alice)).LastActiveAt);
    }

    [Fact]
    public async Task AClockThatIsSetBackSilencesNobody()
    {
        var clock = new SetBackClock();
        await using var instance = Instance.OverMemory(new InMemoryPresenceStore(), clock);
        await instance.Recorder.RecordAsync(Alice, clock.GetUtcNow());
        clock.SetBack(TimeSpan.FromHours(1));
        clock.Advance(Seconds(65));

        var result = await instance.Recorder.RecordAsync(Alice, clock.GetUtcNow());

        Assert.False(result.Throttled);
        Assert.Equal(clock.GetUtcNow(), (await instance.ViewAsync(Alice)).LastActiveAt);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task ClocksALittleApartKeepOneWritePerWindow(double apart)
    {
        var behind = new FakeTimeProvider(Start + Seconds(apart));
        await using var other = Instance.OverMemory(_store, behind);
        var writes = new List<DateTimeOffset>();
        _store.Applied = (_, _) => writes.Add(_clock.GetUtcNow());
        for (var second = 0; second < 600; second++)
        {
            await RecordAsync();
            await other.Recorder.RecordAsync(Alice, behind.GetUtcNow());
            _clock.Advance(Seconds(1));
            behind.Advance(Seconds(1));
        }

        Assert.InRange(writes.Count, 9, 10);
        Assert.All(writes.Zip(writes.Skip(1), (a, b) => b - a), between => Assert.InRange(between, Seconds(60), Seconds(68)));
    }

    [Theory]
    [InlineData(4.0, true)]
    [InlineData(180.0, false)]
    public async Task ARowFromAClockThatRunsAheadSilencesForNoLongerThanAWindowAndNotAtAllIfItIsFarAhead(double seconds, bool isThrottled)
    {
        var ahead = new FakeTimeProvider(Start + Seconds(seconds));
        await using var other = Instance.OverMemory(_store, ahead, o => o.DefaultConversation = "");
        await other.Recorder.RecordAsync(Alice, ahead.GetUtcNow());

        var result = await RecordAsync();

        Assert.Equal(isThrottled, result.Throttled);
        Assert.InRange(result.NextRecordAt!.Value, Start + Seconds(65), Start + Seconds(isThrottled ? 65 * 1.625 : 65));
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

    /// <summary>How often this instance has turned a user's status so.</summary>
    private double Turned(string status) => _instance.Totals.ValueOf(MetricCatalogue.Transitions, status);

    private DateTimeOffset? Held() => _instance.Get<ActivityWindow>().LastHeld(Alice);

    private Task<ActivityResult> TellAsync(DateTimeOffset at) =>
        _instance.Recorder.RecordAsync(Alice, new Activity(_clock.GetUtcNow(), at), token: null, TestContext.Current.CancellationToken).AsTask();

    /// <summary>Messages keep a pace by the clock, and this one stands still: nobody is told of anybody.</summary>
    private Instance Create() => Instance.OverMemory(_store, _clock, o => o.DefaultConversation = "");
}
