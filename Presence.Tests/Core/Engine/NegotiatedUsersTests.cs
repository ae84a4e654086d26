using Presence.Core.Engine;
using Presence.Core.Ports;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Engine;

public class NegotiatedUsersTests
{
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _clock = Clock();

    [Fact]
    public void AUserIsRememberedOnceAndForAMoment()
    {
        var negotiated = new NegotiatedUsers(_clock);
        Assert.Null(negotiated.Take(Alice));
        var alice = new StoredUser(Alice, default, "tag");

        negotiated.Remember(alice);
        _clock.Advance(Seconds(9.999));
        Assert.Equal((alice, null), (negotiated.Take(Alice), negotiated.Take(Alice)));

        negotiated.Remember(alice);
        _clock.Advance(Seconds(10));
        Assert.Null(negotiated.Take(Alice));
    }

    [Fact]
    public void OneWhomNobodyKnowsIsNotRemembered()
    {
        var negotiated = new NegotiatedUsers(_clock);

        negotiated.Remember(new(Alice, default, null));

        Assert.Null(negotiated.Take(Alice));
    }

    [Fact]
    public void ThoseWhoNeverConnectDoNotAddUp()
    {
        var negotiated = new NegotiatedUsers(_clock);
        var users = Users(10_001);
        foreach (var user in users)
        {
            negotiated.Remember(new(user, default, "tag"));
        }

        Assert.Null(negotiated.Take(users[0]));
        Assert.NotNull(negotiated.Take(users[^1]));
    }
}
