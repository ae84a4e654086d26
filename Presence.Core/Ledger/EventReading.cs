using Presence.Core.Ports;

namespace Presence.Core.Ledger;

/// <summary>What one read has found in a shard and is not told yet.</summary>
/// <param name="Left">The events to tell, in their order.</param>
/// <param name="Told">The last position that was told, and what of the window lies up to there.</param>
/// <param name="IsWhole">Whether there are no more up to the end of the read.</param>
internal readonly record struct ShardReading(ReadOnlyMemory<StoredEvent> Left, ShardCursor Told, bool IsWhole)
{
    /// <summary>Whether it is unknown what comes next: what other shards have behind that must wait, or it would be told out of order.</summary>
    public bool IsUsedUp => Left.IsEmpty && !IsWhole;
}

/// <summary>One read of the feed, decided without I/O: where it begins in each shard, what is to be told, and the cursor behind any part of that.</summary>
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
    public ShardReading Of(int shard, StoredEvent[] found, bool isWhole)
    {
        var last = after.Shards[shard];
        var told = found.TakeWhile(one => one.Position <= last.Position).ToList();
        var now = told.Aggregate(new ShardCursor(last.Position), (cursor, one) => cursor.With(one.Position));
        var nothing = new ShardReading(found, new(last.Position), isWhole);
        return now == last ? told.Aggregate(nothing, (reading, _) => Told(reading)) : nothing;
    }

    /// <summary>The same, its first event told.</summary>
    public ShardReading Told(ShardReading reading)
    {
        var position = reading.Left.Span[0].Position;
        var told = reading.Told with { Position = position };
        return reading with { Left = reading.Left[1..], Told = position.Ticks > _windowTicks ? told.With(position) : told };
    }

    /// <summary>The cursor behind what is told.</summary>
    public EventCursor CursorOf(IEnumerable<ShardReading> shards) => new(_windowTicks, [.. shards.Select(CursorOf)]);

    /// <summary>
    /// Up to right before the first event that is left to tell, or up to the end of the read; so that the cursor of a shard in which little happens does
    /// not grow old.
    /// </summary>
    private ShardCursor CursorOf(ShardReading reading, int shard) => reading.Told with
    {
        Position = reading.Left is { IsEmpty: false, Span: [var next, ..] } ? next.Position.Before
            : reading.IsWhole ? LastIn(shard)
            : reading.Told.Position,
    };
}
