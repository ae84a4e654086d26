using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Live;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

/// <summary>Whoever hides when it was last active does not learn it of others, by any message; and misses nothing else.</summary>
public sealed class UntimedTests : IAsyncDisposable
{
    private const string OfBob = "b1";
    private const string OfCarol = "c9";

    private static readonly PresenceKey Carol = PresenceKey.Registered("carol");

    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly FakeRealtimeService _realtime = new();
    private readonly Instance _instance;

    public UntimedTests() => _instance = Instance.OverMemory(_store, _clock, o => o.LastSeenCanBeHidden = true, _realtime);

    [Fact]
    public async Task NewsSnapshotsAndLookUpsSayNothingOfIt()
    {
        await BobHidesHisAsync();

        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)));
        await _instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal([Availability.Busy, Availability.Offline], Heard(OfBob).Select(v => v.Availability));
        Assert.Equal(Heard(OfCarol).Select(v => v.Version), Heard(OfBob).Select(v => v.Version));
        Assert.All(Heard(OfBob).Concat(SnapshotOf(OfBob)), IsUntimed);
        Assert.All(Heard(OfCarol), view => Assert.Equal(Start, view.LastActiveAt));
        IsUntimed(Assert.Single(await _instance.Get<PresenceReader>().ReadAsync(Bob, [Alice], Cancellation)));
    }

    [Fact]
    public async Task NorDoesTheEndOfABlockOrItsBeginning()
    {
        await BobHidesHisAsync();

        await _instance.Get<Relationships>().BlockAsync(Alice, Bob, holds: true, Cancellation);
        await _instance.Get<Relationships>().BlockAsync(Alice, Bob, holds: false, Cancellation);

        Assert.Equal([PresenceStatus.Offline, PresenceStatus.Online], Heard(OfBob).Select(v => v.Status));
        Assert.All(Heard(OfBob), IsUntimed);
    }

    [Fact]
    public async Task LiveStatesReachItAsTheyDoOthers()
    {
        await BobHidesHisAsync();

        await _instance.Get<LiveStates>().TellAsync(Alice, Conversation, JsonDocument.Parse("1").RootElement, Seconds(10), Cancellation);

        Assert.All([OfBob, OfCarol], connection => Assert.Single(_realtime.Heard(connection), m => m.Target == ClientMethod.State));
    }

    [Fact]
    public async Task WhoeverIsTakenOutOfAConversationHearsOfItNoMore()
    {
        await BobHidesHisAsync();
        _realtime.ForgetHeard();

        await _instance.ApplyAsync(Bob, new Left(Conversation));
        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)));

        Assert.Empty(Heard(OfBob));
        Assert.False(_realtime.IsIn(OfBob, "untimed:conversation:" + Conversation));
    }

    [Fact]
    public async Task WhoeverShowsItsOwnAgainLearnsThatOfOthers()
    {
        await BobHidesHisAsync();

        await _instance.ApplyAsync(Bob, new PrivacyChosen(null, LastSeenPrecision.Exact));
        Assert.Equal(OfBob, _realtime.Closed.Last());
        await ConnectsAsync(Bob, "b2");
        await _instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)));

        Assert.Equal([Start], Heard("b2").Select(v => v.LastActiveAt));
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static void IsUntimed(PresenceView view) => Assert.Equal((null, null, null), (view.LastActiveAt, view.LastSeenAt, view.LastSeen));

    private IEnumerable<PresenceView> SnapshotOf(string connection) =>
        ((Snapshot)_realtime.Heard(connection).First(m => m.Target == ClientMethod.Snapshot).Argument).Conversations.Single().Users.Where(u => u.UserId != "bob");

    private IReadOnlyList<PresenceView> Heard(string connection) =>
        [.. _realtime.Heard(connection).Where(m => m.Target is ClientMethod.UserStatus or ClientMethod.UserStatusBatch).SelectMany(m => m.Views).Where(v => v.UserId == "alice")];

    private async Task BobHidesHisAsync()
    {
        foreach (var (user, connection) in new[] { (Alice, Connection), (Bob, "b0"), (Carol, OfCarol) })
        {
            await _instance.ApplyAsync(user, new Joined(Conversation));
            await ConnectsAsync(user, connection);
        }

        await _instance.ApplyAsync(Bob, new PrivacyChosen(null, LastSeenPrecision.Nobody));
        Assert.Equal(["b0"], _realtime.Closed);
        await ConnectsAsync(Bob, OfBob);
    }

    private async Task ConnectsAsync(PresenceKey user, string connection)
    {
        _realtime.Has(connection, user);
        await _instance.ApplyAsync(user, new Connected(connection, _clock.GetUtcNow()));
    }
}
