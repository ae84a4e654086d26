using Presence.Benchmarks.Load;

namespace Presence.Tests.Benchmarks.Load;

public sealed class MemoryTrendTests
{
    [Fact]
    public void WhatOnlyFillsUpFirstIsFlat()
    {
        var trend = Of(minute => 100 + Math.Min(minute, 20) + (minute % 2));

        Assert.True(trend.CanBeJudged);
        Assert.True(trend.IsFlat);
        Assert.InRange(trend.PerHour, -1, 1);
    }

    [Fact]
    public void WhatRisesToTheEndIsNotAndItsSlopeIsTold()
    {
        var trend = Of(minute => 100 + minute);

        Assert.False(trend.IsFlat);
        Assert.Equal(60, trend.PerHour, precision: 6);
    }

    [Fact]
    public void WhatFallsIsFlat() => Assert.True(Of(minute => 200 - minute).IsFlat);

    [Fact]
    public void AShortTimeIsNotJudged() => Assert.False(Of(minute => 100, TimeSpan.FromSeconds(1)).CanBeJudged);

    private static MemoryTrend Of(Func<int, double> megabytes, TimeSpan? every = null) =>
        new([.. Enumerable.Range(0, 60).Select(i => (i * (every ?? TimeSpan.FromMinutes(1)), megabytes(i)))]);
}
