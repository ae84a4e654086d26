using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Ledger;

/// <summary>
/// What one read of the feed has found and is not told yet. Pages are cut off it without another request, each with the cursor behind it: one that is as
/// good as if the feed had been read up to there and no further.
/// </summary>
/// <param name="reading">The read.</param>
/// <param name="shards">What it has found.</param>
internal sealed class EventStretch(EventReading reading, IReadOnlyList<ShardReading> shards)
{
    /// <summary>The first page, the earliest events first.</summary>
    /// <param name="most">The most events of it, 1 at least.</param>
    /// <returns>The page; and what is left, null where the feed has to be read again for more.</returns>
    public (EventPage Page, EventStretch? Left) Cut(int most)
    {
        var left = shards.ToArray();
        var next = new PriorityQueue<int, (EventPosition Position, int Shard)>();
        for (var shard = 0; shard < left.Length; shard++)
        {
            Queue(shard);
        }

        var events = ImmutableArray.CreateBuilder<UserEvent>();
        var isUsedUp = false;
        while (events.Count < most && !isUsedUp && next.TryDequeue(out var shard, out _))
        {
            events.Add(left[shard].Left.Span[0].Event);
            left[shard] = reading.Told(left[shard]);
            isUsedUp = left[shard].IsUsedUp;
            Queue(shard);
        }

        var page = new EventPage(events.ToImmutable(), reading.CursorOf(left), HasMore: next.Count > 0 || left.Any(one => !one.IsWhole));
        return (page, next.Count > 0 && !isUsedUp ? new(reading, left) : null);

        void Queue(int shard)
        {
            if (left[shard].Left is { IsEmpty: false, Span: [var first, ..] })
            {
                next.Enqueue(shard, (first.Position, shard));
            }
        }
    }
}
