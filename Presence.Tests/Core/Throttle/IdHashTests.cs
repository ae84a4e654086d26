using Presence.Core.Domain;
using Presence.Core.Throttle;

namespace Presence.Tests.Core.Throttle;

public class IdHashTests
{
    [Fact]
    public void IdsThatDifferLittleSeldomAgree()
    {
        // Of 100,000 by chance about one pair agrees.
        var hashes = Enumerable.Range(0, 100_000).Select(i => IdHash.Of($"user-{i}")).ToHashSet();

        Assert.InRange(hashes.Count, 99_980, 100_000);
    }

    [Fact]
    public void EveryCharacterCounts()
    {
        for (var length = 1; length <= PresenceKey.MaxIdLength; length++)
        {
            var id = new string('a', length);
            var others = Enumerable.Range(0, length).Select(i => id[..i] + 'b' + id[(i + 1)..]).Append(id + 'a').Append(id + '\0').Append('\0' + id);

            Assert.DoesNotContain(IdHash.Of(id), others.Where(other => other.Length <= PresenceKey.MaxIdLength).Select(IdHash.Of));
        }
    }

    [Fact]
    public void TheSameIdHasTheSameHash() => Assert.Equal(IdHash.Of("alice"), IdHash.Of(new string("alice".AsSpan())));
}
