namespace Presence.Client.Model;

/// <summary>What is asked of a guest's session.</summary>
public sealed record AnonymousSessionRequest
{
    /// <summary>The guest's id, without <c>anon:</c>; null for a new one.</summary>
    public string? ParticipantId { get; init; }

    /// <summary>How long the session is to last at most; null for the server's own.</summary>
    public double? LifetimeSeconds { get; init; }
}

/// <summary>A session of a guest.</summary>
public sealed record AnonymousSession
{
    /// <summary>The id by which others see the guest: <c>anon:</c> + participant id.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>The guest's id.</summary>
    public string ParticipantId { get; init => field = value ?? ""; } = "";

    /// <summary>The guest's credentials. A secret, shown this once.</summary>
    public string Token { get; init => field = value ?? ""; } = "";

    /// <summary>When it ends.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Tells no secret.</summary>
    public override string ToString() => $"AnonymousSession {{ UserId = {UserId}, ExpiresAt = {ExpiresAt:O} }}";
}

/// <summary>How many sessions were revoked.</summary>
public sealed record RevokedSessions
{
    /// <summary>How many.</summary>
    public int Revoked { get; init; }
}
