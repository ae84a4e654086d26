using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>What rosters are to say of a user since a change.</summary>
/// <param name="Revision">Of the user's records: of two that a roster has been told, it keeps to the larger.</param>
/// <param name="View">What those say that name the user.</param>
/// <param name="Places">Where.</param>
public sealed record RosterChange(long Revision, PresenceView View, ImmutableArray<RosterPlace> Places);

/// <summary>A roster and a user.</summary>
/// <param name="ConversationId">Whose roster.</param>
/// <param name="IsNamed">Whether it is to name the user, or no more.</param>
/// <param name="Replaces">The revision under which it names the user so far; null where it does not.</param>
public readonly record struct RosterPlace(string ConversationId, bool IsNamed, long? Replaces = null);
