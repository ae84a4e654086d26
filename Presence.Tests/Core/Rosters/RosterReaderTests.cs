using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

public sealed class RosterReaderTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance _instance;

    public RosterReaderTests() => _instance = Create();

    [Fact]
    public async Task ARosterCountsAndNamesInOrder()
    {
        await _instance.ApplyAsync(Bob, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        await _instance.ApplyAsync(Alice, new Activity(Start));

        var roster = await ReadAsync();

        Assert.Equal(["alice", "bob"], roster.Members.Select(m => m.UserId));
        Assert.Equal(new Occupancy(2, 1, 0), roster.Occupancy);
        Assert.Equal(["bob"], roster.After("alice").Select(m => m.UserId));
    }

    [Fact]
    public async Task ThoseWhoAskTogetherShareOneRead()
    {
        var gate = new TaskCompletionSource();
        _store.OnScan = _ => gate.Task;
        var reads = Enumerable.Range(0, 100).Select(_ => ReadAsync()).ToList();

        gate.SetResult();
        await Task.WhenAll(reads);

        Assert.Equal(1, _store.Scans);
    }

    [Fact]
    public async Task ARosterIsReadAnewAfterAWhile()
    {
        await ReadAsync();
        _clock.Advance(Seconds(1.999));
        await ReadAsync();
        Assert.Equal(1, _store.Scans);

        _clock.Advance(Seconds(0.001));
        await ReadAsync();
        Assert.Equal(2, _store.Scans);
    }

    [Fact]
    public async Task AFreshReadIsNeverFromMemory()
    {
        await ReadAsync();
        await ReadFreshAsync();
        await ReadFreshAsync();

        Assert.Equal(3, _store.Scans);
    }

    [Fact]
    public async Task WhoAsksForAFreshReadWhileOneIsUnderWaySharesTheNext()
    {
        var gate = new TaskCompletionSource();
        _store.OnScan = _ => gate.Task;
        var first = ReadFreshAsync();
        var crowd = Enumerable.Range(0, 100).Select(_ => ReadFreshAsync()).ToList();

        gate.SetResult();
        await Task.WhenAll([first, .. crowd]);

        Assert.Equal(2, _store.Scans);
    }

    [Fact]
    public async Task AnOwnTransitionEndsWhatIsRemembered()
    {
        await ReadAsync("lobby");
        await _instance.ApplyAsync(Alice, new Activity(Start));
        Assert.Single((await ReadAsync("lobby")).Members);

        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        Assert.Empty((await ReadAsync("lobby")).Members);

        await _instance.ApplyAsync(Alice, new SignedOut());
        Assert.Equal(PresenceStatus.Offline, Assert.Single((await ReadAsync()).Members).Status);
    }

    [Fact]
    public async Task ATransitionDuringAReadIsSeenByTheNext()
    {
        var gate = new TaskCompletionSource();
        _store.OnScan = _ => gate.Task;
        var early = ReadAsync("lobby");
        await _instance.ApplyAsync(Alice, new Activity(Start));
        var late = ReadAsync("lobby");

        gate.SetResult();

        await early;
        Assert.Single((await late).Members);
    }

    [Fact]
    public async Task AnotherInstancesTransitionIsSeenAfterAWhile()
    {
        await ReadAsync("lobby");
        await using var other = Create();
        await other.ApplyAsync(Alice, new Activity(Start));
        Assert.Empty((await ReadAsync("lobby")).Members);

        _clock.Advance(Seconds(2));
        Assert.Single((await ReadAsync("lobby")).Members);
    }

    [Fact]
    public async Task AFailedReadIsNotRemembered()
    {
        _store.OnScan = _ => throw new StoreUnavailableException("out of reach");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync());
        _store.OnScan = null;

        Assert.Empty((await ReadAsync()).Members);
    }

    [Fact]
    public async Task OnlyWhoIsInAConversationReadsItsRoster()
    {
        var directory = _instance.Get<ConversationDirectory>();
        await _instance.ApplyAsync(Alice, new Joined(Conversation));

        Assert.Single((await directory.ReadAsync(Alice, Conversation, TestContext.Current.CancellationToken)).Members);
        await Assert.ThrowsAsync<ForbiddenException>(() => directory.ReadAsync(Bob, Conversation, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TheFirstConversationReplacesTheDefaultOneAndTheLastGivesItBack()
    {
        var directory = _instance.Get<ConversationDirectory>();
        await _instance.ApplyAsync(Alice, new Activity(Start));

        var joined = await directory.JoinAsync(Alice, Conversation, TestContext.Current.CancellationToken);
        var left = await directory.LeaveAsync(Alice, Conversation, TestContext.Current.CancellationToken);

        Assert.Equal([Conversation], joined.Entered);
        Assert.Equal(["lobby"], joined.Exited);
        Assert.Equal(["lobby"], left.Entered);
        Assert.Equal([Conversation], left.Exited);
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private Task<Roster> ReadAsync(string conversation = Conversation) =>
        _instance.Rosters.ReadAsync(conversation, TestContext.Current.CancellationToken);

    private Task<Roster> ReadFreshAsync() => _instance.Rosters.ReadFreshAsync(Conversation, TestContext.Current.CancellationToken);

    private Instance Create() => Instance.OverMemory(_store, _clock);
}
