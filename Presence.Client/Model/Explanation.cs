namespace Presence.Client.Model;

/// <summary>Why a user is as it is.</summary>
public sealed record Explanation
{
    /// <summary>Whose.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>What others are told: one of <see cref="PresenceStatus"/>.</summary>
    public string Status { get; init => field = value ?? PresenceStatus.Offline; } = PresenceStatus.Offline;

    /// <summary>The same, more exactly: one of <see cref="Model.Availability"/>.</summary>
    public string Availability { get; init => field = value ?? Model.Availability.Offline; } = Model.Availability.Offline;

    /// <summary>What made it so, in a word.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>The same as a sentence.</summary>
    public string Sentence { get; init => field = value ?? ""; } = "";

    /// <summary>Since when, as far as it is known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What connections and activity say, whatever others are told.</summary>
    public string Sessions { get; init => field = value ?? PresenceStatus.Offline; } = PresenceStatus.Offline;

    /// <summary>The last activity known.</summary>
    public DateTimeOffset? LastActiveAt { get; init; }

    /// <summary>When an activity was last written.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>From when on the next activity is written.</summary>
    public DateTimeOffset? NextRecordAt { get; init; }

    /// <summary>An activity later than the last one written, which the instance that answered holds back.</summary>
    public DateTimeOffset? HeldBackAt { get; init; }

    /// <summary>When the user left.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>When it was signed out, while it is out because of that.</summary>
    public DateTimeOffset? SignedOutAt { get; init; }

    /// <summary>When all of its credentials were revoked last.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Until when nothing brings it back.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>Its open connections.</summary>
    public IReadOnlyList<ExplainedConnection> Connections { get; init => field = value ?? []; } = [];

    /// <summary>The devices that were signed out.</summary>
    public IReadOnlyList<ExplainedDevice> SignedOutDevices { get; init => field = value ?? []; } = [];

    /// <summary>The conversations that it is in.</summary>
    public IReadOnlyList<string> Conversations { get; init => field = value ?? []; } = [];

    /// <summary>What it has chosen that others see.</summary>
    public AvailabilityChoice? Choice { get; init; }

    /// <summary>What the application has chosen for it.</summary>
    public AvailabilityChoice? ApplicationChoice { get; init; }

    /// <summary>Who sees it at all.</summary>
    public ExplainedVisibility Visibility { get; init => field = value ?? new(); } = new();

    /// <summary>The version of the last news.</summary>
    public long Version { get; init; }

    /// <summary>When the sweep looks at it next.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What time alone will change, the next first.</summary>
    public IReadOnlyList<ExpectedChange> Expected { get; init => field = value ?? []; } = [];
}

/// <summary>A connection, and until when it is taken for open without a word.</summary>
public sealed record ExplainedConnection
{
    /// <summary>Its id.</summary>
    public string ConnectionId { get; init => field = value ?? ""; } = "";

    /// <summary>The kind of its device; null where it has not said.</summary>
    public string? Device { get; init; }

    /// <summary>When it was last known to be open.</summary>
    public DateTimeOffset KnownAt { get; init; }

    /// <summary>When the SignalR service is asked whether it still is.</summary>
    public DateTimeOffset AskedForAt { get; init; }
}

/// <summary>A device that was signed out.</summary>
public sealed record ExplainedDevice
{
    /// <summary>Its name.</summary>
    public string DeviceId { get; init => field = value ?? ""; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset SignedOutAt { get; init; }
}

/// <summary>Who sees a user at all.</summary>
public sealed record ExplainedVisibility
{
    /// <summary><c>nobody</c>, <c>conversations</c> or <c>everybody</c>.</summary>
    public string VisibleTo { get; init => field = value ?? ""; } = "";

    /// <summary><c>exact</c>, <c>coarse</c> or <c>nobody</c>.</summary>
    public string LastSeen { get; init => field = value ?? ""; } = "";

    /// <summary>How many users and conversations the application lets see it beside; null where the user itself asks.</summary>
    public int? Allowed { get; init; }

    /// <summary>How many users and conversations the application keeps from it; null where the user itself asks.</summary>
    public int? Blocked { get; init; }
}

/// <summary>Something that time alone will change.</summary>
public sealed record ExpectedChange
{
    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What.</summary>
    public string What { get; init => field = value ?? ""; } = "";
}
