using Presence.Core.Domain;
using Presence.Core.Rosters;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

public sealed class RosterWriterTests
{
    private readonly InMemoryPresenceStore _store = new();
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _clock = Clock();
    private readonly TaskCompletionSource _gate = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACrowdInOneConversationIsWrittenTogether()
    {
        var instance = Instance.OverMemory(_store, _clock);
        _store.OnWriteRoster = (_, _) => _gate.Task;
        var coming = Users(1_000).Select(user => instance.ApplyAsync(user, new Activity(Start))).ToList();
        while (_store.Commits < 1_000)
        {
            await Task.Delay(1, Cancellation);
        }

        _gate.SetResult();
        await Task.WhenAll(coming);

        Assert.InRange(_store.RosterWrites, 2, 3);
        Assert.Equal(1_000, await _store.RosterAsync("lobby", Cancellation).CountAsync(Cancellation));
        Assert.Empty(_store.Duties);
    }

    [Fact]
    public async Task RostersOfSeveralConversationsDoNotWaitForOneAnother()
    {
        var instance = Instance.OverMemory(_store, _clock);
        await instance.ApplyAsync(Alice, new Joined("a"));
        await instance.ApplyAsync(Alice, new Joined("b"));
        var begun = 0;
        _store.OnWriteRoster = (_, _) => Interlocked.Increment(ref begun) == 2 ? Task.FromResult(_gate.TrySetResult()) : _gate.Task;

        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(2, begun);
    }

    [Fact]
    public async Task WhatCouldNotBeginInTimeIsNotWrittenAtAll()
    {
        var writer = Instance.OverMemory(_store, _clock).Get<RosterWriter>();
        _store.OnWriteRoster = (_, _) => _gate.Task;
        var first = writer.WriteAsync(Alice, Change(5), isLate: false, Seconds(2));
        var second = writer.WriteAsync(Bob, Change(6), isLate: false, Seconds(2));

        _clock.Advance(Seconds(2));
        _gate.SetResult();

        await first;
        await Assert.ThrowsAsync<OperationCanceledException>(() => second);
        Assert.Equal("alice", Assert.Single(await _store.RosterAsync(Conversation, Cancellation).ToListAsync(Cancellation)).View.UserId);
    }

    [Fact]
    public async Task WhatWasReadBeforeARosterWasWrittenIsNotAnsweredAfterwards()
    {
        var instance = Instance.OverMemory(_store, _clock);
        await instance.ApplyAsync(Alice, new Joined(Conversation));
        await instance.Rosters.ReadAsync(Conversation, Cancellation);
        _store.OnWriteRoster = (_, _) => _gate.Task;

        var coming = instance.ApplyAsync(Alice, new Activity(Start));
        Assert.Equal(PresenceStatus.Offline, (await instance.Rosters.ReadAsync(Conversation, Cancellation)).Members[0].Status);
        _gate.SetResult();
        await coming;

        Assert.Equal(PresenceStatus.Online, (await instance.Rosters.ReadAsync(Conversation, Cancellation)).Members[0].Status);
    }

    private static RosterChange Change(long revision) =>
        new(revision, default(UserRecords).ViewOf(Alice), [new(Conversation, IsNamed: true)]);
}
