namespace Presence.Client;

/// <summary>Who makes a call of a user, and what it says of that user's activity.</summary>
public sealed record PresenceCaller
{
    /// <summary>Whose call it is; null asks <see cref="PresenceClientOptions.GetCredentials"/>.</summary>
    public PresenceCredentials? Credentials { get; init; }

    /// <summary>Whether the call is no sign of activity: what a program asks by itself.</summary>
    public bool IsPassive { get; init; }

    /// <summary>When the user did what the call tells of; null for the moment of the call.</summary>
    public DateTimeOffset? ActiveAt { get; init; }

    /// <summary>Whether the caller holds a connection itself, and so needs to call seldom.</summary>
    public bool IsConnected { get; init; }

    /// <summary>A call of these credentials that says nothing else.</summary>
    public static implicit operator PresenceCaller(PresenceCredentials credentials) => By(credentials);

    /// <summary>A call of these credentials that says nothing else.</summary>
    public static PresenceCaller By(PresenceCredentials credentials) => new() { Credentials = credentials };

    /// <summary>A call of these credentials that is no sign of activity.</summary>
    public static PresenceCaller PassivelyBy(PresenceCredentials credentials) => new() { Credentials = credentials, IsPassive = true };
}
