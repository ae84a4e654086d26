using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public class ActivityWindowTests
{
    [Fact]
    public void AUserIsRememberedUntilTheMomentGiven()
    {
        var window = new ActivityWindow(10);
        window.Remember(Alice, Start + Seconds(60), Start);

        Assert.Equal(Start + Seconds(60), window.Until(Alice, Start + Seconds(59.999)));
        Assert.Null(window.Until(Alice, Start + Seconds(60)));
        Assert.Null(window.Until(Bob, Start));
    }

    [Fact]
    public void AUserForgottenIsLookedUpAgain()
    {
        var window = new ActivityWindow(10);
        window.Remember(Alice, Start + Seconds(60), Start);

        window.Forget(Alice);

        Assert.Null(window.Until(Alice, Start));
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void WhatHasExpiredLeaves()
    {
        var window = new ActivityWindow(10);
        window.Remember(Alice, Start + Seconds(60), Start);
        window.Remember(Bob, Start + Seconds(90), Start);

        Assert.Equal(1, window.ClearExpired(Start + Seconds(60)));
        window.Remember(Guest, Start + Seconds(200), Start + Seconds(100));
        Assert.Equal(1, window.Count);
    }

    [Fact]
    public void AtTheLimitTheOldestLeaves()
    {
        var window = new ActivityWindow(2);
        window.Remember(Alice, Start + Seconds(60), Start);
        window.Remember(Bob, Start + Seconds(61), Start);
        window.Remember(Guest, Start + Seconds(62), Start);

        Assert.Equal(2, window.Count);
        Assert.Null(window.Until(Alice, Start));
        Assert.NotNull(window.Until(Bob, Start));
        Assert.NotNull(window.Until(Guest, Start));
    }

    [Fact]
    public void AUserRememberedAgainKeepsTheNewerMoment()
    {
        var window = new ActivityWindow(10);
        window.Remember(Alice, Start + Seconds(60), Start);
        window.Forget(Alice);
        window.Remember(Alice, Start + Seconds(90), Start + Seconds(30));

        window.ClearExpired(Start + Seconds(60));

        Assert.Equal(Start + Seconds(90), window.Until(Alice, Start + Seconds(60)));
    }

    [Fact]
    public void ForgettingAndRememberingForEverDoesNotGrowIt()
    {
        var window = new ActivityWindow(3);
        for (var i = 0; i < 1_000; i++)
        {
            window.Remember(Alice, Start + Seconds(60 + i), Start);
            window.Forget(Alice);
        }

        window.Remember(Bob, Start + Seconds(60), Start);
        Assert.Equal(1, window.Count);
    }
}
