namespace Presence.Client.Model;

/// <summary>Where a connection comes from, and whom it watches from its beginning.</summary>
public sealed record NegotiateRequest
{
    /// <summary>Up to 20 users to be told of beside those in common conversations.</summary>
    public IReadOnlyList<string>? Watch { get; init; }

    /// <summary>When the user was last active; null for the moment of the call, where the user comes by it.</summary>
    public DateTimeOffset? ActiveAt { get; init; }

    /// <summary><c>desktop</c>, <c>mobile</c>, <c>web</c> or another word.</summary>
    public string? Device { get; init; }

    /// <summary>A name of the client, made up when its user signed in.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Whether the client is in front of its user.</summary>
    public bool? Foreground { get; init; }
}

/// <summary>Where to connect, and by what. Good for connecting within 60 s.</summary>
public sealed record ConnectionGrant
{
    /// <summary>Where.</summary>
    public string Url { get; init => field = value ?? ""; } = "";

    /// <summary>The token for there. A secret.</summary>
    public string AccessToken { get; init => field = value ?? ""; } = "";

    /// <summary>Tells no secret.</summary>
    public override string ToString() => "ConnectionGrant";
}

/// <summary>A connection of the caller.</summary>
public sealed record UserConnection
{
    /// <summary>Its id, as its client knows it.</summary>
    public string ConnectionId { get; init => field = value ?? ""; } = "";

    /// <summary>The kind of its device; null where it has not said.</summary>
    public string? Device { get; init; }

    /// <summary>The name that its client has made up; null where it has none.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Whether it is in front of its user; null where it has not said.</summary>
    public bool? Foreground { get; init; }

    /// <summary>When it was last known to be open.</summary>
    public DateTimeOffset KnownAt { get; init; }
}

/// <summary>The connections of the caller.</summary>
public sealed record UserConnections
{
    /// <summary>All that are open.</summary>
    public IReadOnlyList<UserConnection> Connections { get; init => field = value ?? []; } = [];
}

/// <summary>What a connection says of itself from now on; what is null stays.</summary>
public sealed record ConnectionChange
{
    /// <summary><c>desktop</c>, <c>mobile</c>, <c>web</c> or another word.</summary>
    public string? Device { get; init; }

    /// <summary>Whether it is in front of its user.</summary>
    public bool? Foreground { get; init; }
}

/// <summary>Whom a connection watches.</summary>
public sealed record WatchList
{
    /// <summary>Which connection.</summary>
    public string ConnectionId { get; init => field = value ?? ""; } = "";

    /// <summary>How many it watches now.</summary>
    public int Watching { get; init; }

    /// <summary>Those whom the call named, or those of them who may have changed.</summary>
    public IReadOnlyList<PresenceView> Users { get; init => field = value ?? []; } = [];

    /// <summary>What to hand back as <c>since</c>. Worth keeping from answers about the whole list alone.</summary>
    public string Version { get; init => field = value ?? ""; } = "";

    /// <summary>Whether all are named; else only those who may have changed since.</summary>
    public bool IsComplete { get; init; }
}
