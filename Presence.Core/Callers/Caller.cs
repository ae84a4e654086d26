using Presence.Core.Domain;

namespace Presence.Core.Callers;

/// <summary>Who is calling, and how long the credentials shown have been good and will be.</summary>
/// <param name="User">Whose credentials they are.</param>
/// <param name="IssuedAt">When they were issued; null where they do not say.</param>
/// <param name="ExpiresAt">Until when they are good, without allowance for clocks that differ.</param>
public sealed record Caller(PresenceKey User, DateTimeOffset? IssuedAt, DateTimeOffset ExpiresAt);
