using System.Text;
using Presence.Core.Domain;
using Presence.Core.TableStorage;

namespace Presence.Tests.Core.TableStorage;

public class KeyTests
{
    [Fact]
    public void EveryCharacterSurvivesEscaping()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var text = $"a{(char)c}b";
            Assert.Equal(text, KeyEscape.Unescape(KeyEscape.Escape(text)));
        }
    }

    [Fact]
    public void NothingForbiddenIsLeft()
    {
        var all = new string([.. Enumerable.Range(0, 256).Select(c => (char)c)]);

        var escaped = KeyEscape.Escape(all);

        Assert.DoesNotContain(escaped, c => char.IsControl(c) || @"/\#?%'|".Contains(c));
    }

    [Fact]
    public void AnEscapedKeyStaysReadable() => Assert.Equal("a@b.c!2Fd é", KeyEscape.Escape("a@b.c/d é"));

    [Fact]
    public void DifferentTextsAreDifferentKeys() =>
        Assert.NotEqual(KeyEscape.Escape("a/b"), KeyEscape.Escape("a!2Fb"));

    [Fact]
    public void TheLongestKeysStayWithinOneKibibyte()
    {
        var user = PresenceKey.Anonymous(new string('/', PresenceKey.MaxIdLength));
        string[] keys =
        [
            TableKeys.Online(user), TableKeys.Profile(user), TableKeys.Count(user), TableKeys.Session(user, new string('x', 43)),
            TableKeys.Roster(user, long.MaxValue), TableKeys.Gone(user, long.MaxValue), TableKeys.Conversation(new string('c', ConversationId.MaxLength)),
        ];

        Assert.All(keys, key => Assert.InRange(Encoding.Unicode.GetByteCount(key), 1, 1024));
    }

    [Theory]
    [InlineData("alice", 16, 9)]
    [InlineData("bob", 16, 8)]
    [InlineData("anon:guest", 16, 10)]
    [InlineData("Zoë/1", 256, 63)]
    public void AShardIsTheSameForEver(string user, int shards, int shard) =>
        Assert.Equal(shard, TableKeys.Shard(PresenceKey.Parse(user), shards));

    [Fact]
    public void UsersAreSpreadEvenly()
    {
        var perShard = Some.Users(16_000).CountBy(u => TableKeys.Shard(u, 16)).Select(s => s.Value).ToList();

        Assert.Equal(16, perShard.Count);
        Assert.All(perShard, count => Assert.InRange(count, 850, 1150));
    }

    [Theory]
    [InlineData(0, "s00")]
    [InlineData(255, "sff")]
    public void APartitionIsTwoHexDigits(int shard, string partition) => Assert.Equal(partition, TableKeys.Partition(shard));

    [Fact]
    public void ARosterKeyNamesItsUserAndItsRevision()
    {
        var (owner, revision) = TableKeys.OfRevision(TableKeys.Roster(Some.Guest, 1_767_225_600_123));

        Assert.Equal((Some.Guest, 1_767_225_600_123), (TableKeys.UserOf(owner, TableKeys.RosterPrefix), revision));
    }

    [Fact]
    public void RevisionsOfAUserSortAsNumbers() =>
        Assert.True(string.CompareOrdinal(TableKeys.Roster(Some.Alice, 9), TableKeys.Roster(Some.Alice, 16)) < 0);

    [Fact]
    public void TheKeyOfOneWhoIsGoneNamesNobody() =>
        Assert.DoesNotContain("alice", TableKeys.Gone(Some.Alice, 5), StringComparison.Ordinal);
}
