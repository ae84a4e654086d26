using Microsoft.Extensions.Time.Testing;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

/// <summary>What a change owes is done, whoever dies and whatever the SignalR service does meanwhile.</summary>
public sealed class OutboxTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly Instance _instance;

    public OutboxTests() => _instance = Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatTheServiceRefusesIsToldByASweepAfterTheHeadStartUnderTheSameVersion()
    {
        _realtime.IsOutOfReach = true;
        var change = await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(Start)));
        _realtime.IsOutOfReach = false;
        Assert.Equal((0, 1), (_realtime.Told.Count, _store.Duties.Count));
        var due = Assert.Single(_store.Duties).DueAt;
        Assert.Equal(Start + PresenceEngine.HeadStart, due);

        _clock.Advance(due - _clock.GetUtcNow() - Seconds(0.001));
        Assert.Equal(0, (await SweepAsync()).Duties);
        _clock.Advance(Seconds(0.001));
        var report = await SweepAsync();

        Assert.Equal((1, 0), (report.Duties, report.DutiesLeft));
        Assert.Equal(change.After.ViewOf(Alice), Assert.Single(_realtime.Told));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task ACallWaitsTwoSecondsAtMostForAServiceThatHangs()
    {
        _realtime.OnCall = _ => Never();

        var call = _instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(Seconds(2));

        Assert.Equal(PresenceStatus.Online, (await call).After.Status);
        Assert.Single(_store.Duties);
        await AssertASweepTellsAsync(PresenceStatus.Online);
    }

    [Fact]
    public async Task ACallWaitsTwoSecondsAtMostBehindOthersOfItsGroup()
    {
        _realtime.OnCall = _ => Never();
        var first = _instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(Seconds(1));

        var second = _instance.ApplyAsync(Bob, new Activity(Start));
        _clock.Advance(Seconds(1));
        await first;
        _clock.Advance(Seconds(1));
        await second;

        Assert.Equal(2, _store.Duties.Count);
    }

    [Fact]
    public async Task ASendWhoseAnswerIsLostIsToldAgainUnderTheSameVersion()
    {
        _realtime.OnCalled = _ => throw new RealtimeUnavailableException("lost");
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(Start)));
        _realtime.OnCalled = null;
        Assert.Single(_store.Duties);

        _clock.Advance(Seconds(8));
        await SweepAsync();

        // Twice at once, and once by the sweep.
        Assert.Equal(3, _realtime.Told.Count);
        Assert.Single(_realtime.Told.Distinct());
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhatAnInstanceThatDiedBeforeSendingOwesIsToldByAnother()
    {
        // It made the change, and never heard of it.
        var dying = Create();
        _store.OnCommitted = _ => Never();
        _ = dying.ApplyAsync(Alice, new Activity(Start));
        _store.OnCommitted = null;
        Assert.Empty(_realtime.Told);

        await AssertASweepTellsAsync(PresenceStatus.Online);
    }

    [Fact]
    public async Task WhatAnInstanceThatDiedBeforeCrossingOutHasToldIsToldAgainUnderTheSameVersion()
    {
        var dying = Create();
        _store.OnCrossOut = _ => Never();
        _ = dying.ApplyAsync(Alice, new Activity(Start));
        Assert.Single(_realtime.Told);
        _store.OnCrossOut = null;

        _clock.Advance(Seconds(8));
        await SweepAsync();

        Assert.Equal(2, _realtime.Told.Count);
        Assert.Single(_realtime.Told.Distinct());
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task ACallDoesNotWaitForACrossingOutThatHangs()
    {
        _store.OnCrossOut = _ => Never();

        var call = _instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(Seconds(2));
        await call;

        Assert.Single(_realtime.Told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatFailsInAWayNobodyForesawHarmsNoCallAndNoOther(bool isAService)
    {
        _realtime.OnCall = isAService ? _ => throw new InvalidOperationException("odd") : null;
        _store.OnCrossOut = isAService ? null : _ => throw new InvalidOperationException("odd");

        await _instance.ApplyAsync(Alice, new Activity(Start));
        _clock.Advance(Seconds(8));
        var report = await SweepAsync();

        Assert.Equal((1, 1, 0), (report.Duties, report.DutiesLeft, report.FailedShards));
        _realtime.OnCall = null;
        _store.OnCrossOut = null;
        Assert.Equal((1, 0), ((await SweepAsync()).Duties, _store.Duties.Count));
    }

    [Fact]
    public async Task WhatFallsTogetherIsCrossedOutTogether()
    {
        var first = new TaskCompletionSource();
        _store.OnCrossOut = _ => _store.CrossOuts == 1 ? first.Task : Task.CompletedTask;
        var calls = Users(40).Select(u => _instance.ApplyAsync(u, new Activity(Start))).ToList();

        first.SetResult();
        await Task.WhenAll(calls);

        Assert.Equal((40, 2, 0), (_realtime.Told.Count, _store.CrossOuts, _store.Duties.Count));
    }

    [Fact]
    public async Task ACrowdInOneConversationIsFewMessagesAndTheFirstGoesAtOnce()
    {
        var instance = Create(HubMessages.Pace);

        var crowd = Users(100).Select(u => instance.ApplyAsync(u, new Activity(Start))).ToList();
        Assert.Equal(["user-1"], _realtime.Told.Select(v => v.UserId));
        await _clock.RunAsync(Task.WhenAll(crowd));

        Assert.Equal(100, _realtime.Told.Select(v => v.UserId).Distinct().Count());
        Assert.InRange(_realtime.Sent.Count, 2, 19);
    }

    [Fact]
    public async Task ACrowdThatComesOneByOneIsFewMessagesToo()
    {
        // Each call takes the service as long as it does in Azure.
        _realtime.OnCall = _ => Task.Delay(Seconds(0.02), _clock, Cancellation);
        var instance = Create(HubMessages.Pace);
        var crowd = new List<Task>();
        foreach (var user in Users(100))
        {
            crowd.Add(instance.ApplyAsync(user, new Activity(Start)));
            _clock.Advance(Seconds(0.01));
        }

        await _clock.RunAsync(Task.WhenAll(crowd));

        Assert.Equal(100, _realtime.Told.Select(v => v.UserId).Distinct().Count());
        Assert.InRange(_realtime.Sent.Count, 2, 19);
    }

    [Fact]
    public async Task WhileTheServiceIsKnownToRefuseCallsLeaveAtOnceAndOnceItIsBackTheyAreToldAgain()
    {
        _realtime.IsOutOfReach = true;
        foreach (var user in Users(3))
        {
            await _clock.RunAsync(_instance.ApplyAsync(user, new Activity(_clock.GetUtcNow())));
        }

        // The clock stands still, and nobody asks the service.
        var asked = _realtime.Calls;
        await Task.WhenAll(Users(20).Skip(3).Select(u => _instance.ApplyAsync(u, new Activity(_clock.GetUtcNow()))));
        Assert.Equal((asked, 20), (_realtime.Calls, _store.Duties.Count));

        _realtime.IsOutOfReach = false;
        _clock.Advance(ServiceGate.Pause);
        await _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));
        await _instance.ApplyAsync(Bob, new Activity(_clock.GetUtcNow()));
        Assert.Equal(["alice", "bob"], _realtime.Told.Select(v => v.UserId));

        _clock.Advance(Seconds(8));
        var report = await SweepAsync();
        Assert.Equal((20, 0), (report.Duties, report.DutiesLeft));
        Assert.Equal(22, _realtime.Told.Count);
    }

    [Fact]
    public async Task AfterAnOutageTheFirstSweepTellsAllEvenWhereNobodyCallsMeanwhile()
    {
        var instance = Create(HubMessages.Pace);
        _realtime.IsOutOfReach = true;
        foreach (var user in Users(40))
        {
            await _clock.RunAsync(instance.ApplyAsync(user, new Activity(_clock.GetUtcNow())));
        }

        _clock.Advance(Seconds(15));
        var asked = _realtime.Calls;
        Assert.Equal(40, (await _clock.RunAsync(SweepAsync(instance))).DutiesLeft);

        // One duty, tried twice.
        Assert.Equal(asked + 2, _realtime.Calls);
        _realtime.IsOutOfReach = false;
        _clock.Advance(Seconds(15));
        Assert.Equal(0, (await _clock.RunAsync(SweepAsync(instance))).DutiesLeft);

        Assert.Equal(40, _realtime.Told.Count);
        Assert.InRange(_realtime.Sent.Count, 2, 10);
    }

    [Fact]
    public async Task AnHourOfOutageIsCaughtUpInBatchesWithFinalStatesWhileUsersAreStillSwept()
    {
        var instance = Create(HubMessages.Pace);
        _realtime.OnCall = _ => Never();
        PresenceKey[] users = Users(500), idle = [.. Enumerable.Range(1, 40).Select(i => PresenceKey.Anonymous($"idle-{i}"))];
        for (var i = 0; i < 10_000; i++)
        {
            _clock.Advance(Seconds(0.36));
            var (user, now) = (users[i * 7 % 500], _clock.GetUtcNow());
            await instance.Engine.CommitAsync(user, i / 500 % 2 == 0 ? new Activity(now, Force: true) : new SignedOut(), Cancellation);
            if (i % 250 == 0)
            {
                await instance.Engine.CommitAsync(idle[i / 250], new Activity(now), Cancellation);
            }
        }

        Assert.Equal(10_040, _store.Duties.Count);
        Assert.Empty(_realtime.Sent);
        _realtime.OnCall = null;

        // Those that hang are given up one after another.
        await _clock.RunAsync(Task.Delay(Seconds(20), _clock, Cancellation), step: Seconds(0.5));
        var reports = new List<SweepReport>();
        while (_store.Duties.Count > 0)
        {
            var (messages, seen) = (_realtime.Sent.Count, reports.Count);
            reports.Add(await _clock.RunAsync(SweepAsync(instance)));
            Assert.True(reports[^1].Duties <= 4 * 500, $"{reports[^1].Duties} duties in one sweep");
            Assert.True(_realtime.Sent.Count - messages <= 20, $"{_realtime.Sent.Count - messages} messages in one sweep");
            Assert.InRange(seen, 0, 8);
            _clock.Advance(Seconds(15));
        }

        // Those who did nothing for five minutes went offline in the same sweeps.
        Assert.True(reports[0].Transitions > 30, $"{reports[0].Transitions} changes in the first sweep");
        Assert.All(reports, r => Assert.Equal((0, 0), (r.FailedShards, r.DutiesLeft)));
        foreach (var user in users)
        {
            var last = _realtime.Told.Where(v => v.UserId == user.ToString()).MaxBy(v => v.Version);
            Assert.Equal(await _instance.ViewAsync(user), last);
        }
    }

    [Fact]
    public async Task AWatchedUserIsToldToItsOwnGroupAsWell()
    {
        await _instance.ApplyAsync(Alice, new Watched());
        await _instance.ApplyAsync(Alice, new Joined("a"));
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow())));
        _realtime.IsOutOfReach = false;

        _clock.Advance(Seconds(8));
        await SweepAsync();

        Assert.Equal([("a", false), (null, true)], _realtime.ToldTo("conversation:a").Select(v => (v.Joined, v.IsOnline)));
        Assert.Equal([_realtime.ToldTo("conversation:a")[^1]], _realtime.ToldTo("user:alice"));
    }

    [Fact]
    public async Task OfTwoGroupsOneRefusedIsToldToBothAgain()
    {
        await _instance.ApplyAsync(Alice, new Joined("a"));
        await _instance.ApplyAsync(Alice, new Joined("b"));
        _realtime.OnCall = what => what == "send conversation:a" ? throw new RealtimeUnavailableException("refused") : Task.CompletedTask;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow())));
        _realtime.OnCall = null;

        _clock.Advance(Seconds(8));
        await SweepAsync();

        Assert.Equal((1, 2), (_realtime.ToldTo("conversation:a").Count(v => v.IsOnline), _realtime.ToldTo("conversation:b").Count(v => v.IsOnline)));
        Assert.Single(_realtime.Told.Where(v => v.IsOnline).Distinct());
    }

    [Fact]
    public async Task ASweepThatHasNoTimeLeavesDutiesToTheNext()
    {
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Activity(Start)));
        _realtime.IsOutOfReach = false;
        var asked = _realtime.Calls;
        using var over = new CancellationTokenSource();
        await over.CancelAsync();

        Assert.Equal(1, await _instance.Get<Outbox>().RedoAsync(_store.Duties, over.Token));

        Assert.Equal((asked, 1), (_realtime.Calls, _store.Duties.Count));
    }

    [Fact]
    public async Task ASweepWaitsForTheCallThatJustFindsOutThatTheServiceIsBack()
    {
        foreach (var user in Users(3))
        {
            await _instance.ApplyAsync(user, new Joined(Conversation));
        }

        _realtime.IsOutOfReach = true;
        foreach (var user in Users(3))
        {
            await _clock.RunAsync(_instance.ApplyAsync(user, new Activity(Start)));
        }

        _realtime.IsOutOfReach = false;
        _clock.Advance(ServiceGate.Pause);
        var answer = new TaskCompletionSource();
        _realtime.OnCall = _ => answer.Task;
        var call = _instance.ApplyAsync(Alice, new Activity(_clock.GetUtcNow()));
        var sweep = _instance.Get<Outbox>().RedoAsync([.. _store.Duties.Where(d => d.User != Alice)], Cancellation);
        Assert.False(sweep.IsCompleted);
        _realtime.OnCall = null;
        answer.SetResult();

        Assert.Equal(0, await sweep);
        await call;
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhatAnotherSweepDoesWithGroupsIsLeftToIt()
    {
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Connected(Connection)));
        _realtime.IsOutOfReach = false;
        var found = _store.Duties;
        Assert.Single(await _store.PutOffAsync(found, Start + Seconds(10), Cancellation));
        var asked = _realtime.Calls;

        Assert.Equal(1, await _instance.Get<Outbox>().RedoAsync(found, Cancellation));

        Assert.Equal((asked, 1), (_realtime.Calls, _store.Duties.Count));
    }

    [Fact]
    public async Task WhatCannotBePutOffIsLeftToTheNextSweep()
    {
        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new Connected(Connection)));
        _realtime.IsOutOfReach = false;
        _store.OnPutOff = _ => throw new StoreUnavailableException("out of reach");
        var asked = _realtime.Calls;

        Assert.Equal(1, await _instance.Get<Outbox>().RedoAsync(_store.Duties, Cancellation));

        Assert.Equal((asked, 1), (_realtime.Calls, _store.Duties.Count));
    }

    [Fact]
    public async Task WhatIsAboutGroupsIsPutOffAHundredAtOnceAndNewsNotAtAll()
    {
        _realtime.IsOutOfReach = true;
        foreach (var user in Users(150))
        {
            await _clock.RunAsync(_instance.ApplyAsync(user, new Connected($"of-{user}")));
            await _clock.RunAsync(_instance.ApplyAsync(user, new Activity(_clock.GetUtcNow())));
        }

        foreach (var user in Users(20))
        {
            await _clock.RunAsync(_instance.ApplyAsync(user, new SignedOut()));
        }

        _realtime.IsOutOfReach = false;
        _clock.Advance(ServiceGate.Pause);
        var duties = _store.Duties;

        Assert.Equal(0, await _clock.RunAsync(_instance.Get<Outbox>().RedoAsync(duties, Cancellation)));

        Assert.Equal((duties.Count(d => d.Duty.IsAboutConnections) + 99) / 100, _store.PutOffs);
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task OnceTheServiceIsBackNoCallOfADutyIsTurnedAwayForAnotherOfTheSame()
    {
        string[] connections = ["c1", "c2", "c3", "c4"];
        foreach (var connection in connections)
        {
            await _instance.ApplyAsync(Alice, new Connected(connection));
        }

        _realtime.IsOutOfReach = true;
        await _clock.RunAsync(_instance.ApplyAsync(Alice, new SignedOut()));
        Assert.True(_instance.Get<ServiceGate>().IsShut);
        _realtime.IsOutOfReach = false;
        var (closing, both) = (0, new TaskCompletionSource());
        _realtime.OnCall = what =>
        {
            if (what.StartsWith("close", StringComparison.Ordinal) && Interlocked.Increment(ref closing) == 2)
            {
                both.SetResult();
            }

            return what.StartsWith("exists", StringComparison.Ordinal) ? Task.CompletedTask : both.Task;
        };

        _clock.Advance(Seconds(8));
        await _clock.RunAsync(SweepAsync());

        Assert.Equal(connections, _realtime.Closed.Order(StringComparer.Ordinal));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task WhatWasTriedFirstAndFailedIsNotTriedTwiceInOneSweep()
    {
        _realtime.IsOutOfReach = true;
        foreach (var user in Users(3))
        {
            await _clock.RunAsync(_instance.ApplyAsync(user, new Connected($"of-{user}")));
        }

        // The service answers again, but not for the first.
        _realtime.IsOutOfReach = false;
        _realtime.OnCall = what => what.StartsWith("send of-user-1", StringComparison.Ordinal) ? throw new InvalidOperationException("odd") : Task.CompletedTask;
        _clock.Advance(ServiceGate.Pause);
        var duties = _store.Duties.OrderBy(d => d.User.ToString(), StringComparer.Ordinal).ToList();
        Assert.Equal(3, duties.Count);

        Assert.Equal(1, await _clock.RunAsync(_instance.Get<Outbox>().RedoAsync(duties, Cancellation)));

        Assert.Equal("user-1", Assert.Single(_store.Duties).User.ToString());
    }

    private static Task Never() => new TaskCompletionSource().Task;

    private async Task AssertASweepTellsAsync(PresenceStatus status)
    {
        _realtime.OnCall = null;
        _clock.Advance(Seconds(8));
        await SweepAsync();
        Assert.Equal(status, Assert.Single(_realtime.Told).Status);
        Assert.Empty(_store.Duties);
    }

    private Task<SweepReport> SweepAsync(Instance? instance = null) => (instance ?? _instance).Sweep.RunAsync(Cancellation);

    private Instance Create(TimeSpan pace = default) => Instance.OverMemory(_store, _clock, o => (o.Visibility, o.LargeConversation) = (Visibility.Everybody, 100_000), _realtime, pace);
}
