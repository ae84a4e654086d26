using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>
/// How long sessions were, as counts in buckets each of which is a tenth longer than the one before, the first from 1 s: so lengths of many days can be added
/// up, and a percentile is wrong by a twentieth at most (the square root of 1.1, less 1: 4.9 %). What is shorter than 1 s counts as 1 s.
/// </summary>
/// <param name="Counts">How many sessions fell into each bucket, by its number.</param>
public sealed record SessionLengths(ImmutableSortedDictionary<int, long> Counts)
{
    private const double Growth = 1.1;

    /// <summary>Of no session.</summary>
    public static SessionLengths None { get; } = new(ImmutableSortedDictionary<int, long>.Empty);

    /// <summary>How many sessions.</summary>
    public long Sessions => Counts.Values.Sum();

    /// <summary>The bucket of a length.</summary>
    public static int BucketOf(TimeSpan length) => Math.Max(0, (int)Math.Floor(Math.Log(length.TotalSeconds, Growth)));

    /// <summary>These and others.</summary>
    public SessionLengths With(SessionLengths others)
    {
        var sum = Counts.ToBuilder();
        foreach (var (bucket, count) in others.Counts)
        {
            sum[bucket] = sum.GetValueOrDefault(bucket) + count;
        }

        return new(sum.ToImmutable());
    }

    /// <summary>
    /// The length that so many of the sessions do not exceed (nearest rank), within the error of a bucket: the middle of the one in which it lies, by ratio.
    /// Null where there is no session.
    /// </summary>
    /// <param name="share">More than 0, up to 1: 0.5 for the median.</param>
    public TimeSpan? Percentile(double share)
    {
        var left = (long)Math.Ceiling(Sessions * share);
        foreach (var (bucket, count) in Counts)
        {
            left -= count;
            if (left <= 0)
            {
                return TimeSpan.FromSeconds(Math.Pow(Growth, bucket + 0.5));
            }
        }

        return null;
    }
}
