using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Presence.Benchmarks.InProcess;

/// <summary>Short runs in one process: what counts is the ratio of what is measured side by side, not the time.</summary>
internal sealed class SideBySide : ManualConfig
{
    public SideBySide()
    {
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(7).WithInvocationCount(4).WithUnrollFactor(1));
        AddDiagnoser(MemoryDiagnoser.Default);
    }
}
