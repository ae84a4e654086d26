using System.Diagnostics;
using Presence.Core.Throttle;

namespace Presence.Tests.Core.Throttle;

public sealed class CoarseTimeTests
{
    [Fact]
    public void ItGoesAsTheSystemsClockDoes()
    {
        var coarse = CoarseTime.Of(TimeProvider.System);
        var (exact, before) = (Stopwatch.GetTimestamp(), coarse.GetTimestamp());
        Assert.True(SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(exact) > TimeSpan.FromMilliseconds(50), Timeout.Infinite));
        var (elapsed, most) = (coarse.GetElapsedTime(before), Stopwatch.GetElapsedTime(exact));

        Assert.InRange(elapsed, TimeSpan.FromMilliseconds(50 - 17), most + TimeSpan.FromMilliseconds(17));
    }

    [Fact]
    public void AnyOtherClockStaysAsItIs()
    {
        var clock = Some.Clock();

        Assert.Same(clock, CoarseTime.Of(clock));
    }
}
