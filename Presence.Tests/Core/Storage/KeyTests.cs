using Presence.Core.Domain;
using Presence.Core.Storage;

namespace Presence.Tests.Core.Storage;

public sealed class KeyTests
{
    private const int MostKeyChars = 512;

    [Theory]
    [InlineData("alice", "on:alice")]
    [InlineData("alice@example.com", "on:alice@example.com")]
    [InlineData("a/b\\c#d?e", "on:a!2Fb!5Cc!23d!3Fe")]
    [InlineData("50%|!'", "on:50!25!7C!21!27")]
    [InlineData("\u0000\u001f\u007f\u0085\u009f", "on:!00!1F!7F!85!9F")]
    [InlineData("žluť 😀", "on:žluť 😀")]
    public void AnEscapedKeyStaysReadableAndReadsBack(string id, string key)
    {
        var user = PresenceKey.Registered(id);
        Assert.Equal(key, TableKeys.Online(user));
        Assert.Equal(user, TableKeys.UserOf(key, TableKeys.OnlinePrefix));
    }

    [Fact]
    public void EveryCharacterReadsBack()
    {
        for (var c = '\0'; c < 0x3000; c++)
        {
            var user = PresenceKey.Registered("x" + c);
            Assert.Equal(user, TableKeys.UserOf(TableKeys.Online(user), TableKeys.OnlinePrefix));
        }
    }

    [Fact]
    public void TheLongestKeyIsWithinTheLimitOfTheService()
    {
        var user = PresenceKey.Anonymous(new string('/', PresenceKey.MaxIdLength));
        Assert.InRange(TableKeys.Roster(new string('c', ConversationId.MaxLength), user).Length, 1, MostKeyChars);
        Assert.InRange(TableKeys.Session(user, new string('h', 43)).Length, 1, MostKeyChars);
    }

    [Fact]
    public void NoConversationsRosterHoldsAnothers()
    {
        var key = TableKeys.Roster("a:b", Some.Alice);
        Assert.False(IsIn(key, $"{TableKeys.RosterPrefix}a{TableKeys.Separator}"));
        Assert.True(IsIn(key, $"{TableKeys.RosterPrefix}a:b{TableKeys.Separator}"));
    }

    // Where a user lies may never change: these are the values of the first release.
    [Theory]
    [InlineData("alice", false)]
    [InlineData("alice", true)]
    [InlineData("žluť 😀", false)]
    public void AShardIsTheHashOfTheWholeKey(string id, bool isAnonymous)
    {
        var user = isAnonymous ? PresenceKey.Anonymous(id) : PresenceKey.Registered(id);
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(user.ToString()));
        var number = (uint)((hash[0] << 24) | (hash[1] << 16) | (hash[2] << 8) | hash[3]);
        Assert.Equal((int)(number % 16), TableKeys.Shard(user, 16));
    }

    [Fact]
    public void UsersSpreadOverAllShards()
    {
        var sizes = Some.Users(16_000).CountBy(user => TableKeys.Shard(user, 16)).Select(s => s.Value).ToList();
        Assert.Equal(16, sizes.Count);
        Assert.All(sizes, size => Assert.InRange(size, 850, 1_150));
    }

    private static bool IsIn(string key, string prefix) =>
        string.CompareOrdinal(key, prefix) >= 0 && string.CompareOrdinal(key, TableKeys.After(prefix)) < 0;
}
