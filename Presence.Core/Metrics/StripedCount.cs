using System.Numerics;
using System.Runtime.InteropServices;

namespace Presence.Core.Metrics;

/// <summary>A count that many threads raise at once: each processor has a number of its own, so that none waits for another.</summary>
internal sealed class StripedCount
{
    private readonly Stripe[] _stripes = new Stripe[BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];

    /// <summary>All that was counted.</summary>
    public long Sum
    {
        get
        {
            var sum = 0L;
            foreach (ref var stripe in _stripes.AsSpan())
            {
                sum += Interlocked.Read(ref stripe.Count);
            }

            return sum;
        }
    }

    public void Increment()
    {
        var stripes = _stripes;
        Interlocked.Increment(ref stripes[Thread.GetCurrentProcessorId() & (stripes.Length - 1)].Count);
    }

    /// <summary>As large as what processors take from memory at a time, and its neighbour, which they take along.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stripe
    {
        [FieldOffset(0)]
        public long Count;
    }
}
