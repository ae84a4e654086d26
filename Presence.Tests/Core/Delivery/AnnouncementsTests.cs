using Presence.Core.Delivery;
using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Delivery;

public class AnnouncementsTests
{
    [Fact]
    public void NothingChangedIsNothingSaid() => Assert.Empty(Announcements.For([]));

    [Fact]
    public void OneChangeIsOneStatusForEachConversation()
    {
        var change = Create(Alice, 1, "a", "b");

        var messages = Announcements.For([change]);

        Assert.Equal(["conversation:a", "conversation:b"], messages.Select(m => m.Group));
        Assert.All(messages, m => Assert.Equal((ClientMethod.UserStatus, change.View), (m.Target, m.Argument)));
    }

    [Fact]
    public void ManyChangesAreOneBatchForEachGroup()
    {
        var message = Assert.Single(Announcements.For([Create(Alice, 1, "a"), Create(Bob, 1, "a")]));

        Assert.Equal((ClientMethod.UserStatusBatch, "conversation:a"), (message.Target, message.Group));
        Assert.Equal(["alice", "bob"], Views(message).Select(v => v.UserId));
    }

    [Fact]
    public void OfSeveralChangesOfOneUserTheLatestVersionCounts()
    {
        var message = Assert.Single(Announcements.For([Create(Alice, 3, "a"), Create(Alice, 2, "a")]));

        Assert.Equal((ClientMethod.UserStatus, 3), (message.Target, ((PresenceView)message.Argument).Version));
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(501, 2)]
    [InlineData(1_200, 3)]
    public void ABatchHoldsAtMost500(int users, int messages)
    {
        var batches = Announcements.For(Users(users).Select(u => Create(u, 1, "a")));

        Assert.Equal(messages, batches.Count);
        Assert.Equal(users, batches.Sum(m => m.Argument is PresenceView ? 1 : Views(m).Length));
        Assert.All(batches, m => Assert.True(m.Argument is PresenceView || Views(m).Length <= 500));
    }

    [Fact]
    public void AWatchedUserHasAGroupOfItsOwn()
    {
        var messages = Announcements.For([Create(Alice, 1, "a") with { IsWatched = true }]);

        Assert.Equal(["conversation:a", "user:alice"], messages.Select(m => m.Group));
    }

    [Fact]
    public void AUserInNoConversationWhomNobodyWatchesIsNotSpokenOf() => Assert.Empty(Announcements.For([Create(Alice, 1)]));

    private static PresenceView[] Views(Announcement message) => (PresenceView[])message.Argument;

    private static Transition Create(PresenceKey user, long version, params string[] conversations) => new(
        user,
        new() { UserId = user.ToString(), IsAnonymous = false, Status = PresenceStatus.Online, LastActiveAt = Start, LastSeenAt = null, Version = version },
        [.. conversations],
        IsWatched: false,
        DecidedAt: Start);
}
