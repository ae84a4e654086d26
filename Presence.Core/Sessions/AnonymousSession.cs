using Presence.Core.Domain;

namespace Presence.Core.Sessions;

/// <summary>A session just issued. The token is shown this once and cannot be read back.</summary>
public sealed record AnonymousSession(PresenceKey Participant, string Token, DateTimeOffset ExpiresAt);
