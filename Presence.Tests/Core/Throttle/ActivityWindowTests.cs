using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Throttle;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

public class ActivityWindowTests
{
    private readonly FakeTimeProvider _clock = Clock();

    [Fact]
    public void AUserIsRememberedUntilTheMomentGiven()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(60), Start, held: null);

        Assert.Equal(Start + Seconds(60), window.TryHold(Alice, Start));
        Assert.Null(window.TryHold(Bob, Start));
        _clock.Advance(Seconds(59.999));
        Assert.Equal(Start + Seconds(60), window.TryHold(Alice, Start));
        _clock.Advance(Seconds(0.001));
        Assert.Null(window.TryHold(Alice, Start));
    }

    [Fact]
    public void WhereTheLastActivityWasToldLateTheWindowEndsSooner()
    {
        var window = Create();
        var end = new PresenceOptions().MostBehind - Seconds(100);
        window.Remember(Alice, Start + Seconds(60), Start - Seconds(100), held: null);

        _clock.Advance(end - Seconds(0.001));
        Assert.NotNull(window.TryHold(Alice, Start));
        _clock.Advance(Seconds(0.001));
        Assert.Null(window.TryHold(Alice, Start));
    }

    [Fact]
    public void AUserForgottenIsLookedUpAgain()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(60), Start, held: null);

        window.Forget(Alice);

        Assert.Null(window.TryHold(Alice, Start));
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void WhatIsOverLeavesByItself()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(60), Start, held: null);
        window.Remember(Bob, Start + Seconds(90), Start, held: null);

        _clock.Advance(Seconds(60));

        Assert.Equal(1, window.Count);
    }

    [Fact]
    public void AWindowThatEndsBeforeOneOpenedEarlierLeavesInItsOwnTime()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(60), Start, held: null);
        window.Remember(Bob, Start + Seconds(1), Start - Seconds(64), held: Start);

        _clock.Advance(Seconds(1));

        Assert.Equal(1, window.Count);
    }

    [Fact]
    public void AtTheLimitTheOneThatEndsSoonestLeaves()
    {
        var window = Create(most: 2);
        window.Remember(Alice, Start + Seconds(60), Start, held: null);
        window.Remember(Bob, Start + Seconds(61), Start, held: null);
        window.Remember(Guest, Start + Seconds(62), Start, held: null);

        Assert.Equal(2, window.Count);
        Assert.Null(window.TryHold(Alice, Start));
        Assert.NotNull(window.TryHold(Bob, Start));
        Assert.NotNull(window.TryHold(Guest, Start));
    }

    [Fact]
    public void AtTheLimitWhatIsHeldBackStaysAndIsTakenInItsTime()
    {
        var window = Create(most: 1);
        window.Remember(Alice, Start + Seconds(65), Start, held: null);
        window.TryHold(Alice, Start + Seconds(10));
        window.Remember(Bob, Start + Seconds(65), Start, held: null);

        Assert.NotNull(window.TryHold(Alice, Start + Seconds(20)));
        Assert.Equal(1, window.Count);
        _clock.Advance(Seconds(232));
        Assert.Empty(window.TakeQuiet());
        _clock.Advance(Seconds(6.7));
        Assert.Equal([(Alice, Start + Seconds(20))], window.TakeQuiet());
    }

    [Fact]
    public void WhatIsHeldBackIsBoundedToo()
    {
        var window = Create(most: 10);
        foreach (var user in Users(1_000))
        {
            window.Remember(user, Start + Seconds(65), Start, held: Start + Seconds(5));
        }

        Assert.Equal(10, window.Count);
        Assert.Equal(20, window.TakeQuiet(all: true).Count);
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void WhatIsPutBackIsBoundedToo()
    {
        var window = Create(most: 10);
        foreach (var user in Users(1_000))
        {
            window.PutBack(user, Start);
        }

        Assert.Equal(10, window.TakeQuiet(all: true).Count);
    }

    [Fact]
    public void AUserRememberedAgainKeepsTheNewerMoment()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(60), Start, held: null);
        window.Forget(Alice);
        window.Remember(Alice, Start + Seconds(90), Start + Seconds(30), held: null);

        _clock.Advance(Seconds(60));

        Assert.Equal(Start + Seconds(90), window.TryHold(Alice, Start + Seconds(60)));
    }

    [Fact]
    public void ForgettingAndRememberingForEverDoesNotGrowIt()
    {
        var window = Create(most: 3);
        for (var i = 0; i < 1_000; i++)
        {
            window.Remember(Alice, Start + Seconds(60 + i), Start, held: null);
            window.Forget(Alice);
        }

        window.Remember(Bob, Start + Seconds(60), Start, held: null);
        Assert.InRange(window.Count, 0, 1);
    }

    [Fact]
    public void AClockThatIsSetBackSilencesNobody()
    {
        var clock = new SetBackClock();
        var window = new ActivityWindow(new OptionsWrapper<PresenceOptions>(Settings()), clock);
        window.Remember(Alice, Start + Seconds(65), Start, held: null);

        clock.SetBack(TimeSpan.FromHours(1));
        Assert.NotNull(window.TryHold(Alice, clock.GetUtcNow()));
        clock.Advance(Seconds(65));

        Assert.Null(window.TryHold(Alice, clock.GetUtcNow()));
        Assert.Equal(0, window.Count);
    }

    [Theory]
    [InlineData(0.999, false)]
    [InlineData(1, true)]
    public void OnlyWhatIsLaterByASecondThanWhatIsRecordedIsHeldBack(double seconds, bool isHeld)
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: null);

        window.TryHold(Alice, Start + Seconds(seconds));

        Assert.Equal(isHeld ? Start + Seconds(seconds) : null, window.LastHeld(Alice));
    }

    [Fact]
    public void TheLatestIsHeldBackWhateverTheOrder()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: Start + Seconds(5));
        window.TryHold(Alice, Start + Seconds(20));
        window.TryHold(Alice, Start + Seconds(10));

        Assert.Equal(Start + Seconds(20), window.LastHeld(Alice));
    }

    [Fact]
    public void WhatLiesFarAheadOfTheRecordIsLookedUp()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start - Seconds(140), held: null);

        Assert.NotNull(window.TryHold(Alice, Start + Seconds(6.749)));
        Assert.Null(window.TryHold(Alice, Start + Seconds(6.75)));
    }

    [Fact]
    public void WhatIsToldIsHeldBackNoMore()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: null);
        window.TryHold(Alice, Start + Seconds(20));

        window.Told(Alice, Start + Seconds(19));
        Assert.NotNull(window.LastHeld(Alice));
        window.Told(Alice, Start + Seconds(20));
        Assert.Null(window.LastHeld(Alice));
        window.TryHold(Alice, Start + Seconds(20.5));
        Assert.Null(window.LastHeld(Alice));
    }

    [Fact]
    public void OneWhoHasNotCalledForAWindowAfterItsOwnIsQuiet()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: null);
        _clock.Advance(Seconds(64));
        window.TryHold(Alice, Start + Seconds(64));

        _clock.Advance(Seconds(66));
        Assert.Empty(window.Quiet());
        _clock.Advance(Seconds(0.1));
        Assert.Equal([(Alice, Start + Seconds(64))], window.Quiet());

        // Most go on calling elsewhere: what is held back is taken when it must be written, and not before.
        _clock.Advance(Seconds(102));
        Assert.Empty(window.TakeQuiet());
        _clock.Advance(Seconds(0.3));
        Assert.Equal([(Alice, Start + Seconds(64))], window.TakeQuiet());
        Assert.Empty(window.TakeQuiet());
    }

    [Fact]
    public void OfTwoInstancesTheOneThatKnowsBestIsFirst()
    {
        var (one, other) = (Create(), Create());
        one.Remember(Alice, Start + Seconds(65), Start, held: null);
        other.Remember(Alice, Start + Seconds(65), Start, held: null);
        _clock.Advance(Seconds(20));
        one.TryHold(Alice, Start + Seconds(20));
        _clock.Advance(Seconds(20));
        other.TryHold(Alice, Start + Seconds(40));

        _clock.Advance(Seconds(232.2 - 40 + 2.5));
        Assert.Empty(one.TakeQuiet());
        Assert.Single(other.TakeQuiet());
        _clock.Advance(Seconds(2));
        Assert.Single(one.TakeQuiet());
    }

    [Fact]
    public void WhoHasNothingHeldBackIsNeverTaken()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: null);
        _clock.Advance(Seconds(500));

        Assert.Empty(window.TakeQuiet());
        Assert.Empty(window.TakeQuiet(all: true));
    }

    [Fact]
    public void AtTheEndOfTheInstanceAllIsTakenAtOnce()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: Start + Seconds(2));
        window.Remember(Bob, Start + Seconds(65), Start, held: null);
        window.PutBack(Guest, Start);

        Assert.Equal([(Alice, Start + Seconds(2)), (Guest, Start)], window.TakeQuiet(all: true));
    }

    [Fact]
    public void WhatIsForgottenIsTakenWhenItWouldHaveBeen()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: null);
        _clock.Advance(Seconds(15));
        window.TryHold(Alice, Start + Seconds(15));

        window.Forget(Alice);
        window.Forget(Alice);

        Assert.Null(window.TryHold(Alice, Start + Seconds(15)));
        Assert.Equal(Start + Seconds(15), window.LastHeld(Alice));
        _clock.Advance(Seconds(119.999));
        Assert.Empty(window.TakeQuiet());
        _clock.Advance(Seconds(0.001));
        Assert.Single(window.TakeQuiet());
    }

    [Fact]
    public void ANewWindowKeepsWhatTheLastOneHeldBack()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: Start + Seconds(50));
        _clock.Advance(Seconds(70));

        window.Remember(Alice, Start + Seconds(100), Start + Seconds(35), held: Start + Seconds(40));
        Assert.Equal(Start + Seconds(50), window.LastHeld(Alice));
        window.Remember(Alice, Start + Seconds(135), Start + Seconds(70), held: null);
        Assert.Null(window.LastHeld(Alice));
    }

    [Fact]
    public void WhatIsPutBackIsTakenASecondLater()
    {
        var window = Create();
        window.PutBack(Alice, Start);

        Assert.Null(window.TryHold(Alice, Start));
        Assert.Empty(window.TakeQuiet());
        _clock.Advance(Seconds(1));
        Assert.Equal([(Alice, Start)], window.TakeQuiet());
    }

    [Fact]
    public void WhatIsPutBackBesideANewWindowIsHeldBackByIt()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: null);
        window.PutBack(Alice, Start + Seconds(30));
        Assert.Equal(Start + Seconds(30), window.LastHeld(Alice));

        window.TryHold(Alice, Start + Seconds(40));
        window.PutBack(Alice, Start + Seconds(30));

        Assert.Equal(Start + Seconds(40), window.LastHeld(Alice));
    }

    [Theory]
    [InlineData("W/\"datetime'2030-01-01T12%3A00%3A00.1234567Z'\"")]
    [InlineData("of another kind")]
    public void TheLastRecordIsKnownWhereThisInstanceMadeItAndNothingElseHasChangedIt(string tag)
    {
        var window = Create();
        var own = new LastRecord(Start, Start - Seconds(3), IsConnected: true, Start - TimeSpan.FromDays(300), tag);
        window.Remember(Alice, Start + Seconds(65), own.LastActiveAt, held: null, own);
        window.Remember(Bob, Start + Seconds(65), Start, held: null);

        Assert.Equal(own, window.OwnOf(Alice));
        Assert.Null(window.OwnOf(Bob));
        Assert.Equal(Start + Seconds(65), window.TryHold(Alice, Start + Seconds(20)));
        window.Told(Alice, Start + Seconds(20));
        Assert.Null(window.OwnOf(Alice));
        Assert.Equal(Start + Seconds(65), window.TryHold(Alice, Start + Seconds(30)));
        Assert.Equal(Start + Seconds(30), window.LastHeld(Alice));
    }

    [Fact]
    public void ManyWindowsAreEachFoundAndAllLeave()
    {
        var window = Create(most: 100_000);
        var users = Users(50_000);
        foreach (var user in users)
        {
            window.Remember(user, Start + Seconds(65), Start, held: null);
            window.TryHold(user, Start + Seconds(5));
        }

        Assert.Equal(users.Length, window.Count);
        Assert.All(users, user => Assert.Equal(Start + Seconds(5), window.LastHeld(user)));
        _clock.Advance(Seconds(300));
        Assert.Equal(users.Length, window.Quiet().Count);
        Assert.Equal(users.ToHashSet(), window.TakeQuiet().Select(taken => taken.User).ToHashSet());
        Assert.Equal((0, 0), (window.Count, window.TakeQuiet(all: true).Count));
    }

    [Fact]
    public void AWindowIsOverHoweverLongNobodyHasLooked()
    {
        var window = Create();
        window.Remember(Alice, Start + Seconds(65), Start, held: Start + Seconds(5));

        _clock.Advance(TimeSpan.FromDays(60));

        Assert.Null(window.TryHold(Alice, Start));
        window.Remember(Bob, _clock.GetUtcNow() + Seconds(65), _clock.GetUtcNow(), held: null);
        Assert.Null(window.TryHold(Alice, Start));
        Assert.Equal(1, window.Count);
        Assert.Equal([(Alice, Start + Seconds(5))], window.TakeQuiet());
        _clock.Advance(Seconds(64.999));
        Assert.NotNull(window.TryHold(Bob, _clock.GetUtcNow()));
        _clock.Advance(Seconds(0.001));
        Assert.Null(window.TryHold(Bob, _clock.GetUtcNow()));
    }

    [Fact]
    public void AWindowOutlivesTheStartThatMomentsAreCountedFrom()
    {
        var window = Create();
        for (var day = 0; day < 120; day++)
        {
            var now = _clock.GetUtcNow();
            window.Remember(Alice, now + Seconds(65), now, held: null);
            _clock.Advance(Seconds(64));
            window.Remember(Bob, now + Seconds(129), now + Seconds(64), held: null);

            Assert.NotNull(window.TryHold(Alice, now + Seconds(64)));
            _clock.Advance(Seconds(1));
            Assert.Null(window.TryHold(Alice, now + Seconds(65)));
            Assert.NotNull(window.TryHold(Bob, now + Seconds(65)));
            _clock.Advance(TimeSpan.FromDays(1) - Seconds(65));
        }
    }

    private ActivityWindow Create(int most = 10) => new(new OptionsWrapper<PresenceOptions>(Settings(o => o.MaxThrottleEntries = most)), _clock);
}
