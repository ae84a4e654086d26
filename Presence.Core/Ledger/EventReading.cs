using Presence.Core.Ports;

namespace Presence.Core.Ledger;

/// <summary>What one read has found in a shard.</summary>
/// <param name="Found">The events from the first that was asked for on.</param>
/// <param name="Unread">How many of them, at the end, are to be told.</param>
/// <param name="IsWhole">Whether there are no more up to the end of the read.</param>
internal sealed record ShardReading(IReadOnlyList<StoredEvent> Found, int Unread, bool IsWhole);

/// <summary>One read of the feed, decided without I/O: where it begins in each shard, what is told, and the cursor behind it.</summary>
/// <param name="after">Where the last one ended.</param>
/// <param name="windowStart">When the window of this read begins.</param>
/// <param name="until">Up to when is read.</param>
internal sealed class EventReading(EventCursor after, DateTimeOffset windowStart, DateTimeOffset until)
{
    /// <summary>Not before the last one: clocks of instances differ.</summary>
    private readonly long _windowTicks = Math.Max(windowStart.UtcTicks, after.WindowTicks);

    private readonly EventPosition _until = EventPosition.EndOf(until);

    private EventPosition WindowOfLast => new(after.WindowTicks, uint.MaxValue);

    /// <summary>Behind which position a shard is read: from the window on, where the last read came further.</summary>
    public EventPosition FirstIn(int shard) => after.Shards[shard].Position is var position && position < WindowOfLast ? position : WindowOfLast;

    /// <summary>Up to which position it is read: never less far than the last time.</summary>
    public EventPosition LastIn(int shard) => after.Shards[shard].Position is var position && position > _until ? position : _until;

    /// <summary>How many events are expected there that were told already.</summary>
    public int SeenIn(int shard) => after.Shards[shard].Seen;

    /// <summary>What a shard has to tell. Where others lie in the window than did at the last read, all of it is told again.</summary>
    /// <param name="shard">Which shard.</param>
    /// <param name="found">The events behind <see cref="FirstIn"/>.</param>
    /// <param name="isWhole">Whether there are no more.</param>
    public ShardReading Of(int shard, IReadOnlyList<StoredEvent> found, bool isWhole)
    {
        var last = after.Shards[shard];
        var told = found.TakeWhile(one => one.Position <= last.Position).ToList();
        var now = told.Aggregate(new ShardCursor(last.Position), (cursor, one) => cursor.With(one.Position));
        return new(found, now == last ? found.Count - told.Count : found.Count, isWhole);
    }

    /// <summary>The page of what was found, the earliest first, and where it ends.</summary>
    public EventPage PageOf(IReadOnlyList<ShardReading> shards, int limit)
    {
        var all = shards.SelectMany((reading, shard) => reading.Found.Skip(reading.Found.Count - reading.Unread).Select(one => (Shard: shard, one.Position, one.Event)))
            .OrderBy(one => one.Position)
            .ToList();
        var told = all.Take(limit).ToList();
        var taken = told.CountBy(one => one.Shard).ToDictionary();
        var next = shards.Select((reading, shard) => CursorOf(shard, reading, taken.GetValueOrDefault(shard)));
        return new(
            [.. told.Select(one => one.Event)],
            new(_windowTicks, [.. next]),
            HasMore: all.Count > told.Count || shards.Any(reading => !reading.IsWhole));
    }

    /// <summary>
    /// Up to right before the first event that is left to tell, or up to the end of the read; so that the cursor of a shard in which little happens does
    /// not grow old.
    /// </summary>
    private ShardCursor CursorOf(int shard, ShardReading reading, int taken)
    {
        var read = reading.Found.Count - reading.Unread + taken;
        var position = read < reading.Found.Count ? reading.Found[read].Position.Before
            : reading.IsWhole ? LastIn(shard)
            : reading.Found[read - 1].Position;
        return reading.Found.Take(read)
            .Where(one => one.Position.Ticks > _windowTicks)
            .Aggregate(new ShardCursor(position), (cursor, one) => cursor.With(one.Position));
    }
}
