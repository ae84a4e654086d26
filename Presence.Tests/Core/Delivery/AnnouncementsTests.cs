using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Options;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

public class AnnouncementsTests
{
    [Fact]
    public void NothingChangedIsNothingSaid() => Assert.Empty(Tell([]));

    [Fact]
    public void OneChangeIsOneStatusForEachConversation()
    {
        var change = Create(Alice, 1, "a", "b");

        var messages = Tell([change]);

        Assert.Equal(["conversation:a", "conversation:b"], messages.Select(m => m.Group));
        Assert.All(messages, m => Assert.Equal((ClientMethod.UserStatus, change.View), (m.Target, m.Argument)));
    }

    [Fact]
    public void ManyChangesAreOneBatchForEachGroup()
    {
        var message = Assert.Single(Tell([Create(Alice, 1, "a"), Create(Bob, 1, "a")]));

        Assert.Equal((ClientMethod.UserStatusBatch, "conversation:a"), (message.Target, message.Group));
        Assert.Equal(["alice", "bob"], Views(message).Select(v => v.UserId));
    }

    [Fact]
    public void OfSeveralChangesOfOneUserTheLatestVersionCounts()
    {
        var message = Assert.Single(Tell([Create(Alice, 3, "a"), Create(Alice, 2, "a")]));

        Assert.Equal((ClientMethod.UserStatus, 3), (message.Target, ((PresenceView)message.Argument).Version));
    }

    [Fact]
    public void AConversationIsToldThatOneHasJoinedItWhateverElseIsToldOfIt()
    {
        var joined = Create(Alice, 1, "a", "b") with { IsOfJoining = true };

        Assert.Equal(["a", "b"], Tell([joined]).Select(m => ((PresenceView)m.Argument).Joined));
        var later = Tell([joined, Create(Alice, 2, "a", "b", "c")]).Select(m => (PresenceView)m.Argument);
        Assert.Equal([("a", 2), ("b", 2), (null, 2)], later.Select(view => (view.Joined, view.Version)));
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(501, 2)]
    [InlineData(1_200, 3)]
    public void ABatchHoldsAtMost500(int users, int messages)
    {
        var batches = Tell(Users(users).Select(u => Create(u, 1, "a")));

        Assert.Equal(messages, batches.Count);
        Assert.Equal(users, batches.Sum(m => m.Argument is PresenceView ? 1 : Views(m).Length));
        Assert.All(batches, m => Assert.True(m.Argument is PresenceView || Views(m).Length <= 500));
    }

    [Fact]
    public void AWatchedUserHasAGroupOfItsOwnWhereEverybodySeesEverybody()
    {
        var news = Create(Alice, 1, "a") with { IsWatched = true };

        Assert.Equal(["conversation:a", "user:alice"], Tell([news], o => o.Visibility = Visibility.Everybody).Select(m => m.Group));
        Assert.Equal(["conversation:a"], Tell([news]).Select(m => m.Group));
    }

    [Fact]
    public void AWatchedUserHasAGroupForEachReasonWhyOthersMaySeeIt()
    {
        var news = Create(Alice, 1, "a") with { IsWatched = true, Relations = new() { SeenBy = [Bob], SeenIn = ["b", "c"] } };

        Assert.Equal(["conversation:a", "user:alice|b", "user:alice|c", "user:alice|"], Tell([news]).Select(m => m.Group));
        Assert.Equal(["conversation:a"], Tell([news with { IsWatched = false }]).Select(m => m.Group));
    }

    [Fact]
    public void WhoeverHidesItsOwnLastSeenHearsNothingOfThatOfOthers()
    {
        var news = Create(Alice, 1, "a");

        var messages = Tell([news], o => o.LastSeenCanBeHidden = true);

        Assert.Equal(["conversation:a", "untimed:conversation:a"], messages.Select(m => m.Group));
        Assert.Equal([Start, null], messages.Select(m => ((PresenceView)m.Argument).LastActiveAt));
    }

    [Theory]
    [InlineData(0, LastSeen.Recently)]
    [InlineData(2.99, LastSeen.Recently)]
    [InlineData(3, LastSeen.WithinWeek)]
    [InlineData(7, LastSeen.WithinMonth)]
    [InlineData(30, LastSeen.LongAgo)]
    public void WhoeverIsVagueAboutItsLastSeenIsToldOfInWords(double days, LastSeen lastSeen)
    {
        var gone = new UserRecords(null, new ProfileRecord { LastSeenAt = Start - TimeSpan.FromDays(days), Version = 1, Privacy = new(LastSeen: LastSeenPrecision.Coarse) });

        var view = (PresenceView)Assert.Single(Tell([Create(Alice, 1, "a") with { View = gone.ViewOf(Alice) }])).Argument;

        Assert.Equal((null, null, lastSeen), (view.LastActiveAt, view.LastSeenAt, view.LastSeen));
        Assert.Null(view.HiddenLastSeenAt);
    }

    [Fact]
    public void AUserInNoConversationWhomNobodyWatchesIsNotSpokenOf() => Assert.Empty(Tell([Create(Alice, 1)]));

    private static IReadOnlyList<Announcement> Tell(IEnumerable<Transition> news, Action<PresenceOptions>? change = null) =>
        Announcements.For(news, Settings(change), Start);

    private static PresenceView[] Views(Announcement message) => (PresenceView[])message.Argument;

    private static Transition Create(PresenceKey user, long version, params string[] conversations) => new(
        user,
        new() { UserId = user.ToString(), IsAnonymous = false, Status = PresenceStatus.Online, LastActiveAt = Start, LastSeenAt = null, Version = version },
        [.. conversations],
        IsWatched: false,
        DecidedAt: Start);
}
