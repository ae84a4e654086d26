using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Throttle;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public sealed class ActivityBatchTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance _instance;

    public ActivityBatchTests()
    {
        _instance = Instance.OverMemory(_store, _clock);
        _clock.Advance(TimeSpan.FromHours(1));
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public async Task EveryUserIsRecordedAndAnnounced()
    {
        var done = await RecordAsync([.. Users(50).Select(user => new ToldActivity(user)), new(Guest, Now - Seconds(20))]);

        Assert.Equal((51, 0, 0, 0), Counts(done));
        Assert.Equal(51, _instance.Realtime.ToldTo("conversation:lobby").Count(v => v.Status == PresenceStatus.Online));
        Assert.Equal(Now, (await _instance.ViewAsync(Users(50)[49])).LastActiveAt);
        Assert.Equal(Now - Seconds(20), (await _instance.ViewAsync(Guest)).LastActiveAt);
    }

    [Fact]
    public async Task InsideTheWindowNothingIsAskedOfStorage()
    {
        List<ToldActivity> all = [.. Users(200).Select(user => new ToldActivity(user))];
        await RecordAsync(all);
        var (loads, attempts) = (_store.Loads, _store.Attempts);
        _clock.Advance(Seconds(64));

        Assert.Equal((0, 200, 0, 0), Counts(await RecordAsync(all)));
        Assert.Equal((loads, attempts), (_store.Loads, _store.Attempts));
    }

    [Fact]
    public async Task OfSeveralEntriesOfOneUserTheLatestIsRecordedOnce()
    {
        var done = await RecordAsync([new(Alice, Now - Seconds(30)), new(Alice, Now - Seconds(10)), new(Alice, Now - Seconds(20))]);

        Assert.Equal((1, 0, 2, 0), Counts(done));
        Assert.Equal((1, Now - Seconds(10)), (_store.Commits, (await _instance.ViewAsync(Alice)).LastActiveAt));
    }

    [Fact]
    public async Task AnEntryThatSaysNoTimeIsOfNow()
    {
        Assert.Equal((1, 0, 1, 0), Counts(await RecordAsync([new(Alice), new(Alice, Now - Seconds(1))])));
        Assert.Equal(Now, (await _instance.ViewAsync(Alice)).LastActiveAt);
    }

    [Fact]
    public async Task WhatIsLaterThanNowCountsAsNow()
    {
        Assert.Equal((1, 0, 0, 0), Counts(await RecordAsync([new(Alice, DateTimeOffset.MaxValue)])));
        Assert.Equal(Now, (await _instance.ViewAsync(Alice)).LastActiveAt);
    }

    [Fact]
    public async Task WhatIsAsOldAsWhoIsTakenForGoneIsIgnoredWithoutARequest()
    {
        var done = await RecordAsync([new(Alice, Now - TimeSpan.FromMinutes(5)), new(Bob, DateTimeOffset.MinValue)]);

        Assert.Equal((0, 0, 2, 0), Counts(done));
        Assert.Equal((0, 0), (_store.Loads, _store.Attempts));
    }

    [Fact]
    public async Task WhatIsNotLaterThanKnownIsIgnored()
    {
        await RecordAsync([new(Alice, Now - Seconds(10))]);
        _clock.Advance(Seconds(70));

        Assert.Equal((0, 0, 1, 0), Counts(await RecordAsync([new(Alice, Now - Seconds(80))])));
        Assert.Equal(1, _store.Commits);
    }

    [Fact]
    public async Task APassiveEntryIsCountedAndTakesNothingFromAnActiveOne()
    {
        var done = await RecordAsync([new(Alice, Now - Seconds(5)), new(Alice, Now, IsPassive: true), new(Bob, IsPassive: true)]);

        Assert.Equal((1, 0, 0, 2), Counts(done));
        Assert.Equal(Now - Seconds(5), (await _instance.ViewAsync(Alice)).LastActiveAt);
        Assert.Equal(PresenceStatus.Offline, (await _instance.ViewAsync(Bob)).Status);
    }

    [Fact]
    public async Task WhoHasSignedOutComesBackOnlyByWhatItDidAfterwards()
    {
        await _instance.ApplyAsync(Alice, new Activity(Now));
        _clock.Advance(Seconds(10));
        await _instance.ApplyAsync(Alice, new SignedOut());
        var signedOutAt = Now;
        _clock.Advance(Seconds(10));

        Assert.Equal((0, 0, 1, 0), Counts(await RecordAsync([new(Alice, signedOutAt)])));
        Assert.Equal(PresenceStatus.Offline, (await _instance.ViewAsync(Alice)).Status);
        Assert.Equal((1, 0, 0, 0), Counts(await RecordAsync([new(Alice, signedOutAt + Seconds(1))])));
        Assert.Equal(PresenceStatus.Online, (await _instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task WhatAnErasedUserDidBeforeMakesNoRow()
    {
        await _instance.ApplyAsync(Alice, new Activity(Now));
        _clock.Advance(Seconds(10));
        await _instance.ApplyAsync(Alice, new Erased());
        await _instance.ApplyAsync(Alice, new Erased());
        var commits = _store.Commits;

        Assert.Equal((0, 0, 1, 0), Counts(await RecordAsync([new(Alice, Now - Seconds(1))])));
        Assert.Equal(commits, _store.Commits);
    }

    [Fact]
    public async Task WhoIsBannedStaysOut()
    {
        await _instance.ApplyAsync(Alice, new Banned(Now + TimeSpan.FromHours(1)));
        _clock.Advance(Seconds(10));

        Assert.Equal((1, 0, 1, 0), Counts(await RecordAsync([new(Alice), new(Bob)])));
        Assert.Equal(PresenceStatus.Offline, (await _instance.ViewAsync(Alice)).Status);
    }

    [Fact]
    public async Task OneThatFailsKeepsNoOtherFromBeingRecordedAndIsNamed()
    {
        var guest = PresenceKey.Anonymous("odd");
        _store.OnLoad = user => user == Bob ? throw new StoreUnavailableException("gone") : user == guest ? throw new UnreadableRowException() : Task.CompletedTask;

        var done = await RecordAsync([new(guest), new(Alice), new(Bob, Now - Seconds(9)), new(Bob, Now - Seconds(3)), new(Guest)]);

        Assert.Equal((2, 0, 1, 0), Counts(done));
        Assert.Equal([(0, typeof(UnreadableRowException)), (3, typeof(StoreUnavailableException))], done.Failed.Select(f => (f.Index, f.Failure.GetType())));

        // Told again, it is as if nothing had happened; what is told twice is harmless.
        _store.OnLoad = null;
        Assert.Equal((1, 1, 1, 0), Counts(await RecordAsync([new(Alice), new(Bob, Now - Seconds(9)), new(Bob, Now - Seconds(3))])));
        Assert.Equal(Now - Seconds(3), (await _instance.ViewAsync(Bob)).LastActiveAt);
    }

    [Fact]
    public async Task WhereNothingCanBeRecordedStorageIsSaidToBeOutOfReachForAsLongAsItWishes()
    {
        _store.OnLoad = user => throw new StoreUnavailableException("gone") { RetryAfter = user == Bob ? Seconds(7) : null };

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => RecordAsync([new(Alice), new(Bob), new(Guest), new(Alice, Now - Seconds(1)), new(Alice, IsPassive: true)]));

        Assert.Equal(Seconds(7), failure.RetryAfter);
        Assert.Equal((3, 0, 0), (Handled(ActivityOutcome.Failed), Handled(ActivityOutcome.Passive), Handled(ActivityOutcome.Ignored)));
    }

    [Fact]
    public async Task WhereStorageWasNotNeededItsOutageIsNoFailure()
    {
        _store.OnLoad = _ => throw new StoreUnavailableException("gone");

        Assert.Equal((0, 0, 1, 1), Counts(await RecordAsync([new(Alice, IsPassive: true), new(Bob, Now - TimeSpan.FromHours(1))])));
    }

    [Fact]
    public async Task AStorageThatIsOutOfReachIsNotAskedForEverybody()
    {
        _store.OnLoad = async _ =>
        {
            await Task.Yield();
            throw new StoreUnavailableException("gone");
        };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => RecordAsync([.. Users(200).Select(user => new ToldActivity(user))]));

        Assert.InRange(_store.Loads, 64, 64 + 63);
    }

    [Fact]
    public async Task NoMoreUsersThan64AreOnTheirWayAtOnce()
    {
        var (gate, all) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.OnLoad = _ =>
        {
            if (_store.Loads >= 64)
            {
                all.TrySetResult();
            }

            return gate.Task;
        };
        var recording = RecordAsync([.. Users(200).Select(user => new ToldActivity(user))]);

        await all.Task;
        Assert.Equal(64, _store.Loads);
        gate.SetResult();
        Assert.Equal((200, 0, 0, 0), Counts(await recording));
    }

    [Fact]
    public async Task ACallerWhoLeavesEndsIt()
    {
        using var caller = new CancellationTokenSource();
        _store.OnLoad = async _ => await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _instance.Get<ActivityBatch>().RecordAsync([.. Users(200).Select(user => new ToldActivity(user))], Now, caller.Token));

        Assert.InRange(_store.Commits, 0, 127);
    }

    [Fact]
    public async Task MetricsCountEveryEntryByWhatBecameOfIt()
    {
        await RecordAsync([new(Alice), new(Alice, Now - Seconds(1)), new(Bob, IsPassive: true), new(Guest, Now - TimeSpan.FromHours(1))]);
        await RecordAsync([new(Alice)]);

        string[] outcomes = [ActivityOutcome.Recorded, ActivityOutcome.Throttled, ActivityOutcome.Ignored, ActivityOutcome.Passive, ActivityOutcome.Failed];
        Assert.Equal([1, 1, 2, 1, 0], outcomes.Select(Handled));
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private async Task<ActivityBatchResult> RecordAsync(List<ToldActivity> entries)
    {
        var done = await _instance.Get<ActivityBatch>().RecordAsync(entries, Now, TestContext.Current.CancellationToken);
        Assert.Equal(entries.Count, done.Recorded + done.Throttled + done.Ignored + done.Passive + done.Failed.Count);
        return done;
    }

    private static (int Recorded, int Throttled, int Ignored, int Passive) Counts(ActivityBatchResult done) =>
        (done.Recorded, done.Throttled, done.Ignored, done.Passive);

    private double Handled(string outcome) => _instance.Totals.ValueOf(MetricCatalogue.ActivityRequests, outcome);
}
