using Presence.Benchmarks.Load;

namespace Presence.Tests.Benchmarks.Load;

public sealed class LatenciesTests
{
    private readonly Latencies _latencies = new();

    [Fact]
    public void WithoutCallsThereIsNoLatency() => Assert.Equal(TimeSpan.Zero, _latencies.Within(0.99));

    [Fact]
    public void ShortOnesAreExact()
    {
        foreach (var microseconds in Enumerable.Range(1, 50))
        {
            _latencies.Add(TimeSpan.FromMicroseconds(microseconds));
        }

        Assert.Equal((25, 50), (_latencies.Within(0.5).TotalMicroseconds, _latencies.Within(1).TotalMicroseconds));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void APercentileIsRightToAFewInAHundred(double share)
    {
        var random = new Random(1);
        double[] all = [.. Enumerable.Range(0, 10_000).Select(_ => Math.Floor(Math.Exp(random.NextDouble() * 16)))];
        foreach (var microseconds in all)
        {
            _latencies.Add(TimeSpan.FromMicroseconds(microseconds));
        }

        Array.Sort(all);
        var exact = all[(int)Math.Ceiling(share * all.Length) - 1];
        Assert.Equal(all.Length, _latencies.Count);
        Assert.InRange(_latencies.Within(share).TotalMicroseconds, exact, exact * 1.04);
    }

    [Fact]
    public void WhatIsLongerThanAnHourIsAnHour()
    {
        _latencies.Add(TimeSpan.MaxValue);

        Assert.InRange(_latencies.Within(1).TotalHours, 1, 1.04);
    }
}
