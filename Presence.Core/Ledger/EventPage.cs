using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Ledger;

/// <summary>A part of the feed.</summary>
/// <param name="Events">The events; of one user in the order of their versions. Empty where there is nothing new.</param>
/// <param name="Next">From where to read on. Whoever keeps it once the events are dealt with misses none.</param>
/// <param name="HasMore">Whether there was more to read already, or may have been: then reading on at once is worth it.</param>
public sealed record EventPage(ImmutableArray<UserEvent> Events, EventCursor Next, bool HasMore);
