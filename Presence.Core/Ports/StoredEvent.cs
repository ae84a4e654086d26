using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>
/// Where an event lies among those of its shard. Of one user each lies behind the one before; of all users nearly in the order in which they
/// were written, since each instance goes by its own clock, and a write may arrive late.
/// </summary>
/// <param name="Ticks">The moment at which it was sent, in ticks of 100 ns of the year 1.</param>
/// <param name="Tie">Tells events of one moment apart.</param>
public readonly record struct EventPosition(long Ticks, uint Tie) : IComparable<EventPosition>
{
    /// <summary>Behind all events of a moment, and before all later ones.</summary>
    public static EventPosition EndOf(DateTimeOffset moment) => new(moment.UtcTicks, uint.MaxValue);

    /// <summary>Right behind this one.</summary>
    public EventPosition Next => Tie < uint.MaxValue ? this with { Tie = Tie + 1 } : new(Ticks + 1, 0);

    /// <summary>Right before this one.</summary>
    public EventPosition Before => Tie > 0 ? this with { Tie = Tie - 1 } : new(Ticks - 1, uint.MaxValue);

    /// <inheritdoc/>
    public int CompareTo(EventPosition other) => (Ticks, Tie).CompareTo((other.Ticks, other.Tie));

    /// <summary>Whether one lies before another.</summary>
    public static bool operator <(EventPosition left, EventPosition right) => left.CompareTo(right) < 0;

    /// <summary>Whether one lies behind another.</summary>
    public static bool operator >(EventPosition left, EventPosition right) => left.CompareTo(right) > 0;

    /// <summary>Whether one does not lie behind another.</summary>
    public static bool operator <=(EventPosition left, EventPosition right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one does not lie before another.</summary>
    public static bool operator >=(EventPosition left, EventPosition right) => left.CompareTo(right) >= 0;
}

/// <summary>An event as kept.</summary>
/// <param name="Position">Where it lies.</param>
/// <param name="Event">What it tells.</param>
public sealed record StoredEvent(EventPosition Position, UserEvent Event);
