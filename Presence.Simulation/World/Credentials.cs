namespace Presence.Simulation.World;

/// <summary>What a user proves itself with: a token of the application's, or a session of a guest.</summary>
/// <param name="IssuedAt">When it was issued, as it says itself: in whole seconds, as tokens have it.</param>
/// <param name="At">When that truly was.</param>
/// <param name="Session">The session's token, of a guest.</param>
internal sealed record Credentials(DateTimeOffset IssuedAt, TimeSpan At, string? Session);
