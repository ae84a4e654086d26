using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Ledger;

/// <summary>How long events are there, and for how much of it a cursor is good.</summary>
internal static class EventTimes
{
    /// <summary>A cursor from before this moment is too old.</summary>
    public static DateTimeOffset FirstGood(DateTimeOffset now, PresenceOptions options) => now - options.EventRetention - EventFeed.Spare;

    /// <summary>
    /// What was sent up to this moment has had its time: later than cursors are refused, so that none is good whose events are gone. Where there is no
    /// feed, all that there ever was.
    /// </summary>
    public static DateTimeOffset RemovedUntil(DateTimeOffset now, PresenceOptions options) => now - KeptFor(options);

    /// <summary>How long an event is there.</summary>
    public static TimeSpan KeptFor(PresenceOptions options) =>
        options.EventRetention == TimeSpan.Zero ? TimeSpan.Zero : options.EventRetention + (EventFeed.Spare * 2);

    /// <summary>
    /// Whether there may be events of somebody of whom there are no records: of a guest, who is forgotten by an event; and of anybody who was never seen, where
    /// such users are forgotten sooner than their events. The records of all others stay, and tombstones at least as long as events.
    /// </summary>
    public static bool OutliveRecords(PresenceKey user, PresenceOptions options) => user.IsAnonymous || options.AnonymousRetention < KeptFor(options);
}
