using Presence.Core.Domain;

namespace Presence.Tests.Core.Domain;

public class SignalRUserIdTests
{
    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("a b/c%2F", "a%20b%2Fc%252F")]
    [InlineData("x:anon:y", "x%3Aanon%3Ay")]
    [InlineData(".", "%2E")]
    [InlineData("..", "%2E%2E")]
    [InlineData("...", "...")]
    public void AnIdIsEncodedAndReadBack(string id, string encoded)
    {
        Assert.Equal(encoded, SignalRUserId.Of(PresenceKey.Registered(id)));
        Assert.Equal(PresenceKey.Registered(id), SignalRUserId.Parse(encoded));
        Assert.Equal("anon:" + encoded, SignalRUserId.Of(PresenceKey.Anonymous(id)));
        Assert.Equal(PresenceKey.Anonymous(id), SignalRUserId.Parse("anon:" + encoded));
    }

    [Theory]
    [InlineData("anon%3Aguest")]
    [InlineData("ANON%3a")]
    public void NobodyPassesForAnAnonymousParticipantByEncoding(string id)
    {
        var key = Record.Exception(() => SignalRUserId.Parse(id)) is InvalidInputException ? (PresenceKey?)null : SignalRUserId.Parse(id);

        Assert.NotEqual(true, key?.IsAnonymous);
    }
}
