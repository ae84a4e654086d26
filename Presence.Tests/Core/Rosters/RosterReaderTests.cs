using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

public sealed class RosterReaderTests : IAsyncDisposable
{
    private const string Lobby = "conversation:lobby";

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
    public async Task AClockSetBackKeepsNoRoster()
    {
        var clock = new SetBackClock();
        await using var instance = Instance.OverMemory(_store, clock);
        await instance.Rosters.ReadAsync(Conversation, TestContext.Current.CancellationToken);

        clock.SetBack(TimeSpan.FromHours(1));
        clock.Advance(Seconds(2));
        await instance.Rosters.ReadAsync(Conversation, TestContext.Current.CancellationToken);

        Assert.Equal(2, _store.Scans);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoIsCancelledWaitsNoLongerForAReadThatOthersShare(bool fresh)
    {
        var gate = new TaskCompletionSource();
        _store.OnScan = _ => gate.Task;
        using var gone = new CancellationTokenSource();
        var other = fresh ? ReadFreshAsync() : ReadAsync();
        var cancelled = fresh ? _instance.Rosters.ReadFreshAsync(Conversation, gone.Token) : _instance.Rosters.ReadAsync(Conversation, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(other.IsCompleted);
        gate.SetResult();
        Assert.Empty((await other).Members);
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
    public async Task WhoAsksForAFreshReadShortlyAfterAnotherSharesTheNext()
    {
        var reader = new RosterReader(_store, Microsoft.Extensions.Options.Options.Create(Settings()), _clock, Seconds(0.2));
        await FreshAsync();
        _clock.Advance(Seconds(0.1));
        var crowd = Enumerable.Range(0, 100).Select(_ => FreshAsync()).ToList();
        Assert.Equal(1, _store.Scans);

        await _clock.RunAsync(Task.WhenAll(crowd));
        Assert.Equal(2, _store.Scans);

        _clock.Advance(Seconds(0.2));
        await FreshAsync();
        Assert.Equal(3, _store.Scans);

        Task<Roster> FreshAsync() => reader.ReadFreshAsync(Conversation, TestContext.Current.CancellationToken);
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
        var (realtime, group) = (_instance.Realtime, GroupName.Conversation(Conversation));
        realtime.Has(Connection, Alice);
        await _instance.ApplyAsync(Alice, new Connected(Connection));
        Assert.True(realtime.IsIn(Connection, Lobby));

        await _instance.ApplyAsync(Alice, new Joined(Conversation));
        Assert.Equal((true, false), (realtime.IsIn(Connection, group), realtime.IsIn(Connection, Lobby)));
        Assert.Equal([Conversation], await RosterOfAliceAsync());
        Assert.Empty((await ReadAsync("lobby")).Members);

        await _instance.ApplyAsync(Alice, new Left(Conversation));
        Assert.Equal((false, true), (realtime.IsIn(Connection, group), realtime.IsIn(Connection, Lobby)));
        Assert.Equal(["lobby"], await RosterOfAliceAsync());
        Assert.Empty((await ReadAsync()).Members);
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private async Task<string[]> RosterOfAliceAsync() =>
        [.. (await _instance.Get<ConversationDirectory>().ListAsync(Alice, TestContext.Current.CancellationToken)).Select(c => c.ConversationId)];

    private Task<Roster> ReadAsync(string conversation = Conversation) =>
        _instance.Rosters.ReadAsync(conversation, TestContext.Current.CancellationToken);

    private Task<Roster> ReadFreshAsync() => _instance.Rosters.ReadFreshAsync(Conversation, TestContext.Current.CancellationToken);

    private Instance Create() => Instance.OverMemory(_store, _clock);
}
