using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Domain;

public class GroupNameTests
{
    /// <summary>The most characters that the service takes.</summary>
    private const int Longest = 1_024;

    private static readonly string LongestConversation = new('c', ConversationId.MaxLength);

    [Fact]
    public void NoNameIsLongerThanTheServiceTakes()
    {
        foreach (var id in new[] { new string('\u20ac', 128), new string('/', 128), string.Concat(Enumerable.Repeat("\U0001f600", 64)) })
        {
            Assert.All(
                [PresenceKey.Registered(id), PresenceKey.Anonymous(id)],
                user => Assert.InRange(GroupName.Untimed(GroupName.Watching(user, LongestConversation)).Length, 1, Longest));
        }
    }

    [Fact]
    public void LongIdsHaveNamesOfTheirOwnAlwaysTheSame()
    {
        var (one, other) = (PresenceKey.Registered(new string('\u20ac', 128)), PresenceKey.Registered(new string('\u20ac', 127) + "a"));
        PresenceKey[] users = [one, other, PresenceKey.Anonymous(one.Id), Alice];

        Assert.Equal(users.Length, users.Select(GroupName.User).Distinct().Count());
        Assert.Equal(GroupName.User(one), GroupName.User(PresenceKey.Registered(one.Id)));
        Assert.Matches("^user:#[0-9a-f]{32}$", GroupName.User(one));
    }

    [Fact]
    public void AShortIdStandsInTheNameAsItIs()
    {
        Assert.Equal("user:alice", GroupName.User(PresenceKey.Registered("alice")));
        Assert.Equal("user:a%23b", GroupName.User(PresenceKey.Registered("a#b")));
        Assert.Equal("user:" + new string('a', 128), GroupName.User(PresenceKey.Registered(new string('a', 128))));
    }
}
