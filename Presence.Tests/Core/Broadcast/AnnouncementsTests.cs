using Presence.Core.Broadcast;
using Presence.Core.Domain;

namespace Presence.Tests.Core.Broadcast;

public sealed class AnnouncementsTests
{
    [Fact]
    public void NothingChangedIsNoMessage() => Assert.Empty(Announcements.For([]));

    [Fact]
    public void OneChangeIsOneMessagePerConversation()
    {
        var messages = Announcements.For([Change(Some.Alice, 1, ["a", "b"])]);
        Assert.Equal(["conversation:a", "conversation:b"], messages.Select(m => m.Group));
        Assert.All(messages, m =>
        {
            Assert.Equal("user:status", m.Target);
            Assert.Equal("alice", Assert.IsType<PresenceView>(m.Argument).UserId);
        });
    }

    [Fact]
    public void ChangesForOneGroupAreOneMessage()
    {
        var message = Assert.Single(Announcements.For([Change(Some.Alice, 1, ["a"]), Change(Some.Bob, 1, ["a"])]));
        Assert.Equal("user:status:batch", message.Target);
        Assert.Equal(["alice", "bob"], Assert.IsType<PresenceView[]>(message.Argument).Select(v => v.UserId));
    }

    [Fact]
    public void OfSeveralChangesOfOneUserTheLastCounts()
    {
        var message = Assert.Single(Announcements.For([Change(Some.Alice, 2, ["a"]), Change(Some.Alice, 1, ["a"])]));
        Assert.Equal(2, Assert.IsType<PresenceView>(message.Argument).Version);
    }

    [Fact]
    public void AUserInNoConversationIsNoMessage() => Assert.Empty(Announcements.For([Change(Some.Alice, 1, [])]));

    [Fact]
    public void ThoseWhoWatchAUserAreTold() =>
        Assert.Equal(["conversation:a", "user:anon:guest"], Announcements.For([Change(Some.Guest, 1, ["a"], isWatched: true)]).Select(m => m.Group));

    [Fact]
    public void AMessageNamesAtMost500Users()
    {
        var messages = Announcements.For(Some.Users(1_001).Select(user => Change(user, 1, ["a"])));
        Assert.Equal(["user:status:batch", "user:status:batch", "user:status"], messages.Select(m => m.Target));
        Assert.Equal(500, Assert.IsType<PresenceView[]>(messages[0].Argument).Length);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("a/b\\c#d?e%2F")]
    [InlineData("ünï cödé 😀")]
    [InlineData("a,b;c:d")]
    [InlineData("\u0001\u007f")]
    public void AUsersIdAtTheServiceIsPlainAsciiAndReadsBack(string id)
    {
        foreach (var user in new[] { PresenceKey.Registered(id), PresenceKey.Anonymous(id) })
        {
            var atService = SignalRUserId.Of(user);
            Assert.DoesNotContain(atService, c => !char.IsAscii(c) || char.IsControl(c) || c is ' ' or ',' or '/' or '?' or '#');
            Assert.Equal(user, SignalRUserId.Parse(atService));
        }
    }

    private static Transition Change(PresenceKey user, long version, string[] conversations, bool isWatched = false) => new(
        user,
        new PresenceView
        {
            UserId = user.ToString(),
            IsAnonymous = user.IsAnonymous,
            Status = PresenceStatus.Online,
            LastActiveAt = Some.Start,
            LastSeenAt = null,
            Version = version,
        },
        [.. conversations],
        isWatched);
}
