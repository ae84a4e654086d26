using System.Diagnostics;
using System.Globalization;

namespace Presence.Benchmarks.Http;

/// <summary>How long processors have worked for a process.</summary>
internal static class CpuTime
{
    /// <param name="process">The process.</param>
    /// <param name="withChildren">Also for those that it started and that are there still, as far as the system tells.</param>
    public static TimeSpan Of(int process, bool withChildren = false)
    {
        var sum = OfOne(process);
        return withChildren ? Children(process).Aggregate(sum, (total, child) => total + OfOne(child)) : sum;
    }

    private static TimeSpan OfOne(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended just now.
            return TimeSpan.Zero;
        }
    }

    private static List<int> Children(int process) =>
        Directory.Exists("/proc") ? [.. Directory.EnumerateDirectories("/proc").Select(IdOf).Where(id => id > 0 && ParentOf(id) == process)] : [];

    private static int IdOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static int ParentOf(int process)
    {
        try
        {
            // The name of the program stands in brackets and may hold anything; the parent is the second field behind it.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
