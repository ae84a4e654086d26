using System.Globalization;

namespace Presence.Benchmarks.Load;

/// <summary>Figures of a load as they are shown.</summary>
internal static class LatencyText
{
    public static string Of(Latencies latencies) =>
        $"p50 {Milliseconds(latencies.Within(0.5))} p95 {Milliseconds(latencies.Within(0.95))} p99 {Milliseconds(latencies.Within(0.99))} ms";

    public static string Share(long part, long whole) =>
        whole == 0 ? "0 %" : (part / (double)whole).ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
