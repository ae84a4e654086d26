using System.Runtime.InteropServices;

namespace Presence.Benchmarks.Report;

/// <summary>What kind of machine this is; nothing that tells which.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return $"{Environment.ProcessorCount} cores ({RuntimeInformation.OSArchitecture}), {memory:0} GiB of memory, "
            + $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}";
    }
}
