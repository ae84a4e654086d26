using System.Diagnostics;

namespace Presence.Benchmarks.Load;

/// <summary>Looks at the memory of the hosts' processes; each run of a host has a trend of its own.</summary>
internal sealed class MemorySampler(ILoadHosts hosts)
{
    private const int MostSamples = 2_000;

    private readonly Dictionary<(int Host, int Process), List<(TimeSpan At, double Megabytes)>> _samples = [];
    private readonly long _since = TimeProvider.System.GetTimestamp();

    /// <summary>What was seen, by host, in order.</summary>
    public IEnumerable<(int Host, MemoryTrend Trend)> Trends => _samples.OrderBy(s => s.Key.Host).Select(s => (s.Key.Host, new MemoryTrend(s.Value)));

    public async Task SampleAsync(TimeSpan duration, CancellationToken over)
    {
        var every = duration / MostSamples;
        every = every < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : every;
        while (!over.IsCancellationRequested)
        {
            for (var host = 0; host < hosts.Count; host++)
            {
                Sample(host);
            }

            await Task.Delay(every, TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Sample(int host)
    {
        if (hosts.ProcessOf(host) is not { } id || MemoryOf(id) is not { } megabytes)
        {
            return;
        }

        if (!_samples.TryGetValue((host, id), out var samples))
        {
            _samples[(host, id)] = samples = [];
        }

        samples.Add((TimeProvider.System.GetElapsedTime(_since), megabytes));
    }

    private static double? MemoryOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.WorkingSet64 / 1e6;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It was killed just now.
            return null;
        }
    }
}
