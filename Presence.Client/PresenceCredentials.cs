namespace Presence.Client;

/// <summary>By what a call says whose it is: a user's token, or a guest's session.</summary>
public sealed class PresenceCredentials
{
    private PresenceCredentials(string header, string value, string secret, string? userId) =>
        (Header, Value, Secret, UserId) = (header, value, secret, userId);

    /// <summary>Whose they are, where it was said: then a fresh token of the same user takes over what is remembered of the last one.</summary>
    public string? UserId { get; }

    internal string Header { get; }

    internal string Value { get; }

    /// <summary>The token itself.</summary>
    internal string Secret { get; }

    /// <summary>By which what the server gives a user to bring next time is kept.</summary>
    internal string Key => UserId is null ? Value : $"{Header}|{UserId}";

    /// <summary>A registered user's token.</summary>
    /// <param name="token">The JWT, without <c>Bearer</c>.</param>
    /// <param name="userId">Whose it is, where the caller knows.</param>
    public static PresenceCredentials Bearer(string token, string? userId = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        return new("Authorization", $"Bearer {token}", token, userId);
    }

    /// <summary>A guest's session.</summary>
    /// <param name="sessionToken">The token of the session.</param>
    /// <param name="userId">Whose it is, where the caller knows.</param>
    public static PresenceCredentials Guest(string sessionToken, string? userId = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sessionToken);
        return new("X-Session-Token", sessionToken, sessionToken, userId);
    }

    /// <summary>Tells no secret.</summary>
    public override string ToString() => $"{Header} of {UserId ?? "a user"}";
}
