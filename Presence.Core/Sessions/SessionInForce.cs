using Presence.Core.Domain;

namespace Presence.Core.Sessions;

/// <summary>A session that holds.</summary>
/// <param name="Participant">Whose it is.</param>
/// <param name="IssuedAt">When it was issued; null for one from before this was kept.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record SessionInForce(PresenceKey Participant, DateTimeOffset? IssuedAt, DateTimeOffset ExpiresAt);
