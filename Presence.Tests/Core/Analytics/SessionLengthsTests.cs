using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Analytics;

public class SessionLengthsTests
{
    [Fact]
    public void WithoutSessionsThereIsNoPercentile()
    {
        Assert.Null(SessionLengths.None.Percentile(0.5));
        Assert.Equal(0, SessionLengths.None.Sessions);
    }

    /// <summary>The error that is stated, for lengths from 1 s to 400 days.</summary>
    [Fact]
    public void APercentileIsWrongByLessThanFivePercent()
    {
        var seed = Random.Shared.Next(1_000_000);
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            List<TimeSpan> lengths = [.. Enumerable.Range(0, random.Next(1, 500)).Select(_ => Seconds(Math.Pow(10, random.NextDouble() * 7.53)))];
            var counted = lengths.Select(Of).Aggregate(SessionLengths.None, (all, one) => all.With(one));
            lengths.Sort();
            Assert.Equal(lengths.Count, counted.Sessions);
            foreach (var share in (double[])[0.01, 0.5, 0.9, 0.95, 0.99, 1])
            {
                var exact = lengths[(int)Math.Ceiling(lengths.Count * share) - 1];
                Assert.True(Math.Abs((counted.Percentile(share)!.Value / exact) - 1) < 0.0489, $"seed {seed}: {counted.Percentile(share)} for {exact}");
            }
        }
    }

    [Fact]
    public void WhatIsShorterThanASecondCountsAsOne() => Assert.InRange(Of(Seconds(0.001)).Percentile(1)!.Value.TotalSeconds, 1, 1.1);

    private static SessionLengths Of(TimeSpan length) => new(SessionLengths.None.Counts.Add(SessionLengths.BucketOf(length), 1));
}
