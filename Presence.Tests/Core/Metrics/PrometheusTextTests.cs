using Presence.Core.Metrics;

namespace Presence.Tests.Core.Metrics;

public class PrometheusTextTests
{
    [Fact]
    public void EveryMetricIsDescribedOnceUnderItsOwnName()
    {
        var lines = PrometheusText.Write(MetricTotals.None).Split('\n');

        Assert.All(MetricCatalogue.All, metric =>
            Assert.Single(lines, line => line == $"# HELP {PrometheusText.NameOf(metric)} {metric.Description}"));
        Assert.Equal(MetricCatalogue.All.Length, lines.Count(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)));
    }

    [Fact]
    public void CountersAndHistogramsStartAtZeroAndUnknownGaugesAreLeftOut()
    {
        var samples = Samples(MetricTotals.None);

        Assert.All(samples.Values, value => Assert.Equal("0", value));
        Assert.Contains("presence_activity_requests_total{outcome=\"failed\"}", samples.Keys);
        Assert.Contains("presence_storage_requests_total{operation=\"transaction\",outcome=\"conflict\"}", samples.Keys);
        Assert.Contains("presence_time_to_offline_seconds_bucket{le=\"+Inf\"}", samples.Keys);
        Assert.DoesNotContain(samples.Keys, key => key.StartsWith("presence_users", StringComparison.Ordinal));
    }

    [Fact]
    public void TheBucketsOfAHistogramAreCumulative()
    {
        using var measured = new Measured();
        foreach (var seconds in new[] { 0.5, 1, 1.1, 12.25, 1000 })
        {
            measured.Metrics.SetOffline(TimeSpan.FromSeconds(seconds));
        }

        var samples = Samples(measured.Metrics.Totals);

        Assert.Equal(["2", "3", "3", "3", "3", "4"], ((string[])["1", "2.5", "5", "7.5", "10", "12.5"]).Select(Bucket));
        Assert.Equal(["4", "5"], ((string[])["300", "+Inf"]).Select(Bucket));
        Assert.Equal(("1014.85", "5"), (samples["presence_time_to_offline_seconds_sum"], samples["presence_time_to_offline_seconds_count"]));

        string Bucket(string bound) => samples[$"presence_time_to_offline_seconds_bucket{{le=\"{bound}\"}}"];
    }

    [Fact]
    public void AnActivityCallIsCountedAndTimedByItsOutcome()
    {
        using var measured = new Measured();
        measured.Metrics.ActivityHandled("throttled", TimeSpan.FromMilliseconds(2));

        var samples = Samples(measured.Metrics.Totals);

        Assert.Equal("1", samples["presence_activity_requests_total{outcome=\"throttled\"}"]);
        Assert.Equal("0", samples["presence_activity_duration_seconds_bucket{outcome=\"throttled\",le=\"0.001\"}"]);
        Assert.Equal("1", samples["presence_activity_duration_seconds_bucket{outcome=\"throttled\",le=\"0.0025\"}"]);
        Assert.Equal("0.002", samples["presence_activity_duration_seconds_sum{outcome=\"throttled\"}"]);
        Assert.Equal("0", samples["presence_activity_duration_seconds_count{outcome=\"recorded\"}"]);
    }

    private static Dictionary<string, string> Samples(MetricTotals totals) => PrometheusText.Write(totals)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => parts[1]);
}
