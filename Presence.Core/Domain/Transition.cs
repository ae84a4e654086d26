using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>One change of status, announced once, by whoever's write made it.</summary>
/// <param name="User">Whose status changed.</param>
/// <param name="View">What others are told.</param>
/// <param name="Conversations">Who is told: the conversations the user is, or was until now, in.</param>
/// <param name="IsWatched">Whether those who watch the user are told as well.</param>
/// <param name="DecidedAt">When it was decided; null where nothing changed and others are told what they could not know.</param>
public sealed record Transition(
    PresenceKey User, PresenceView View, ImmutableArray<string> Conversations, bool IsWatched, DateTimeOffset? DecidedAt = null);
