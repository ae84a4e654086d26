using System.Numerics;

namespace Presence.Benchmarks.Load;

/// <summary>
/// How long calls took, however many: counted in buckets of which each is at most 1/32 of what it holds wide, so that a percentile is right to
/// three in a hundred and memory does not grow. Safe to use by many at once.
/// </summary>
internal sealed class Latencies
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;

    /// <summary>Nobody waits for longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly long[] _counts = new long[BucketOf((ulong)Longest.TotalMicroseconds) + 1];

    public long Count => _counts.Sum(static count => count);

    public void Add(TimeSpan took) =>
        Interlocked.Increment(ref _counts[BucketOf((ulong)Math.Clamp(took.TotalMicroseconds, 0, Longest.TotalMicroseconds))]);

    /// <summary>The time within which so large a share of the calls was answered; zero if there were none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public TimeSpan Within(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        if (wanted == 0)
        {
            return TimeSpan.Zero;
        }

        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return TimeSpan.FromMicroseconds(LargestOf(bucket));
            }
        }

        throw new InvalidOperationException("Counts do not add up.");
    }

    private static int BucketOf(ulong microseconds)
    {
        // Small ones have buckets of one each; above, each power of two is divided into as many.
        var shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount(microseconds | 1) - SubBits + 1);
        return (shift * SubBuckets / 2) + (int)(microseconds >> shift);
    }

    private static double LargestOf(int bucket)
    {
        var shift = Math.Max(0, (bucket / (SubBuckets / 2)) - 1);
        var sub = (ulong)(bucket - (shift * SubBuckets / 2));
        return ((sub + 1) << shift) - 1;
    }
}
