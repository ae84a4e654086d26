using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>News of one user, decided once, by whoever's write made it.</summary>
/// <param name="User">Of whom.</param>
/// <param name="View">What others are told.</param>
/// <param name="Conversations">Who is told: the conversations the user is, or was until now, in.</param>
/// <param name="IsWatched">Whether those who watch the user are told as well.</param>
/// <param name="DecidedAt">When it was decided.</param>
public sealed record Transition(
    PresenceKey User, PresenceView View, ImmutableArray<string> Conversations, bool IsWatched, DateTimeOffset DecidedAt);
