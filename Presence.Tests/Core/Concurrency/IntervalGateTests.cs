using Presence.Core.Concurrency;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Concurrency;

public class IntervalGateTests
{
    [Fact]
    public void AClockSetBackSilencesNobody()
    {
        var clock = new SetBackClock();
        var turn = new IntervalGate(Seconds(10), clock);
        Assert.True(turn.TryTake());

        clock.SetBack(TimeSpan.FromHours(1));
        clock.Advance(Seconds(9));
        Assert.False(turn.TryTake());
        clock.Advance(Seconds(1));
        Assert.True(turn.TryTake());
    }

    [Fact]
    public async Task OfManyAtOnceOneIsLetThroughInEachInterval()
    {
        var clock = Clock();
        var turn = new IntervalGate(Seconds(10), clock);

        Assert.Equal(1, await TakenAsync());
        Assert.Equal(0, await TakenAsync());
        clock.Advance(Seconds(9.999));
        Assert.Equal(0, await TakenAsync());
        clock.Advance(Seconds(0.001));
        Assert.Equal(1, await TakenAsync());

        async Task<int> TakenAsync() =>
            (await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(turn.TryTake)))).Count(taken => taken);
    }
}
