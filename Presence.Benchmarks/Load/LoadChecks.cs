using System.Globalization;
using Presence.Benchmarks.Clients;

namespace Presence.Benchmarks.Load;

/// <summary>What must hold after a load.</summary>
internal static class LoadChecks
{
    /// <param name="tally">What the users have seen.</param>
    /// <param name="counted">By how much the hosts' own counts have risen.</param>
    /// <param name="memory">How the memory of hosts went.</param>
    public static IEnumerable<LoadCheck> Of(Tally tally, StatusMetrics counted, IEnumerable<(int Host, MemoryTrend Trend)> memory)
    {
        yield return Matches("calls", tally.Answered, counted.TotalRequests, tally);
        yield return Matches("throttled calls", tally.Throttled, counted.ThrottledRequests, tally);
        yield return Matches("recorded and ignored calls", tally.Answered - tally.Throttled, counted.TotalRequests - counted.ThrottledRequests, tally);
        var errors = tally.Errors.Sum(error => error.Value);
        yield return new(
            errors == 0,
            errors == 0
                ? Text($"nothing went wrong but what was meant to ({tally.Injected:#,0})")
                : Text($"{errors:#,0} errors that nobody meant: {string.Join(", ", tally.Errors.Select(error => $"{error.Key} {error.Value}"))}"));
        foreach (var (host, trend) in memory.Where(m => m.Trend.Samples.Count > 1))
        {
            yield return Memory(host, trend);
        }
    }

    private static LoadCheck Memory(int host, MemoryTrend trend)
    {
        var lived = trend.Samples[^1].At - trend.Samples[0].At;
        var slope = Text($"{trend.PerHour:+#,0.0;-#,0.0;0} MB an hour in the second half of {lived:h\\:mm\\:ss}");
        var seen = Text($"memory of host {host}: {trend.Mean:#,0} MB, {slope}");
        return trend.CanBeJudged
            ? new(trend.IsFlat, Text($"{seen}; flat is a rise of at most {MemoryTrend.MostRise:0 %} in it"))
            : new(Holds: true, Text($"{seen}; not judged before {MemoryTrend.LeastToJudge.TotalMinutes:0} minutes"));
    }

    /// <summary>What hosts counted is what was answered, but for what died with a host, and what was counted without an answer.</summary>
    private static LoadCheck Matches(string what, long answered, long counted, Tally tally)
    {
        var (least, most) = (answered - tally.MayBeLost, answered + tally.Uncertain);
        return new(counted >= least && counted <= most, least == most
            ? Text($"{what}: {answered:#,0} answered, {counted:#,0} counted by the hosts")
            : Text($"{what}: {answered:#,0} answered, {counted:#,0} counted by the hosts, where {least:#,0} to {most:#,0} can be"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One of them, in words.</summary>
internal sealed record LoadCheck(bool Holds, string What);
