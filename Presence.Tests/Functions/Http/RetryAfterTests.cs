using Presence.Functions.Http;

namespace Presence.Tests.Functions.Http;

public class RetryAfterTests
{
    [Fact]
    public void TenThousandWhoAreRefusedTogetherDoNotComeBackInOneSecond()
    {
        var waits = Enumerable.Range(0, 10_000).Select(_ => RetryAfter.Of(null)).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, 2, 11));
        Assert.All(waits.CountBy(wait => wait), second => Assert.InRange(second.Value, 700, 1_300));
    }

    [Theory]
    [InlineData(0.1, 2)]
    [InlineData(60, 60)]
    [InlineData(1_000_000, 3600)]
    public void NobodyComesBackBeforeTheServiceWishesNorIsGoneForGood(double wish, int least) =>
        Assert.All(
            Enumerable.Range(0, 100).Select(_ => RetryAfter.Of(TimeSpan.FromSeconds(wish))),
            wait => Assert.InRange(wait, least, Math.Min(least + 9, 3600)));
}
