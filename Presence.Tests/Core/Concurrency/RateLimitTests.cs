using Presence.Core.Concurrency;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Concurrency;

public class RateLimitTests
{
    [Fact]
    public async Task OfManyAtOnceSoManyAreLetThrough()
    {
        var limit = new RateLimit(10, Seconds(1), Clock());

        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(limit.TryTake)));

        Assert.Equal(10, taken.Count(yes => yes));
    }

    [Fact]
    public void InNoStretchOfTimeAreMoreLetThrough()
    {
        var (clock, taken) = (Clock(), new List<DateTimeOffset>());
        var limit = new RateLimit(10, Seconds(1), clock);
        foreach (var _ in Enumerable.Range(0, 500))
        {
            if (limit.TryTake())
            {
                taken.Add(clock.GetUtcNow());
            }

            clock.Advance(Seconds(0.03));
        }

        Assert.All(taken, first => Assert.InRange(taken.Count(t => t >= first && t < first + Seconds(1)), 1, 10));
        Assert.InRange(taken.Count, 140, 150);
    }

    [Fact]
    public void AClockSetBackSilencesNobody()
    {
        var clock = new SetBackClock();
        var limit = new RateLimit(1, Seconds(1), clock);
        Assert.True(limit.TryTake());

        clock.SetBack(TimeSpan.FromHours(1));
        Assert.False(limit.TryTake());
        clock.Advance(Seconds(1));
        Assert.True(limit.TryTake());
    }
}
