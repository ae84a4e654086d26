using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>Why a user is as it is: which signal and rule made it so, what else is known, and what will change it when.</summary>
public sealed record Explanation
{
    /// <summary>Whose.</summary>
    public required string UserId { get; init; }

    /// <summary>What others are told.</summary>
    public required PresenceStatus Status { get; init; }

    /// <summary>The same, more exactly.</summary>
    public required Availability Availability { get; init; }

    /// <summary>What made it so.</summary>
    public required Reason Reason { get; init; }

    /// <summary>The same as a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Since when, as far as it is known.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>What connections and activity say, whatever others are told.</summary>
    public required PresenceStatus Sessions { get; init; }

    /// <summary>The last activity known.</summary>
    public DateTimeOffset? LastActiveAt { get; init; }

    /// <summary>When an activity was last written.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>From when on the next activity is written; until then it is held back.</summary>
    public DateTimeOffset? NextRecordAt { get; init; }

    /// <summary>An activity later than the last one written, which this instance holds back; others may hold back more.</summary>
    public DateTimeOffset? HeldBackAt { get; init; }

    /// <summary>When the user left; what began at or before that does not bring it back.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>When it was signed out, while it is out because of that.</summary>
    public DateTimeOffset? SignedOutAt { get; init; }

    /// <summary>When all of its credentials were revoked last.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Until when nothing brings it back.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>Its open connections.</summary>
    public ImmutableArray<ExplainedConnection> Connections { get; init; } = [];

    /// <summary>The devices that were signed out, and do not connect as long as credentials live.</summary>
    public ImmutableArray<ExplainedDevice> SignedOutDevices { get; init; } = [];

    /// <summary>The conversations that it is in.</summary>
    public ImmutableArray<string> Conversations { get; init; } = [];

    /// <summary>What it has chosen that others see.</summary>
    public Choice? Choice { get; init; }

    /// <summary>What the application has chosen for it.</summary>
    public Choice? ApplicationChoice { get; init; }

    /// <summary>Who sees it at all.</summary>
    public required ExplainedVisibility Visibility { get; init; }

    /// <summary>The version of the last news.</summary>
    public long Version { get; init; }

    /// <summary>When the sweep looks at it next; it acts at its first run from then on.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What time alone will change unless something happens, the next first.</summary>
    public ImmutableArray<ExpectedChange> Expected { get; init; } = [];
}

/// <summary>A connection, and until when it is taken for open without a word.</summary>
/// <param name="ConnectionId">Its id.</param>
/// <param name="Device">The kind of its device; null where it has not said.</param>
/// <param name="KnownAt">When it was last known to be open.</param>
/// <param name="AskedForAt">When the SignalR service is asked whether it still is, unless the user is active.</param>
public sealed record ExplainedConnection(string ConnectionId, string? Device, DateTimeOffset KnownAt, DateTimeOffset AskedForAt);

/// <summary>Who sees a user at all.</summary>
/// <param name="VisibleTo"><c>nobody</c>, where the user says so; otherwise the setting: <c>conversations</c> or <c>everybody</c>.</param>
/// <param name="LastSeen">How exactly they learn when it was last active: <c>exact</c>, <c>coarse</c> or <c>nobody</c>.</param>
/// <param name="Allowed">How many users and conversations the application lets see it beside; null where the user itself asks.</param>
/// <param name="Blocked">How many users and conversations the application keeps from it; null where the user itself asks, who must not learn of it.</param>
public sealed record ExplainedVisibility(string VisibleTo, string LastSeen, int? Allowed, int? Blocked);

/// <summary>A device that was signed out.</summary>
/// <param name="DeviceId">The name that its client has made up for it.</param>
/// <param name="SignedOutAt">When.</param>
public sealed record ExplainedDevice(string DeviceId, DateTimeOffset SignedOutAt);

/// <summary>Something that time alone will change.</summary>
/// <param name="At">When.</param>
/// <param name="What">What, as a sentence.</param>
public sealed record ExpectedChange(DateTimeOffset At, string What);

/// <summary>What made a user as it is.</summary>
public enum Reason
{
    /// <summary>Nobody of this id was ever here.</summary>
    NeverSeen,

    /// <summary>It was erased.</summary>
    Erased,

    /// <summary>It is kept out.</summary>
    Banned,

    /// <summary>It signed out, was signed out, or set offline by hand.</summary>
    SignedOut,

    /// <summary>Its last connection closed, and nothing was heard of it within the grace.</summary>
    ConnectionClosed,

    /// <summary>It had no connection and was not active for long enough.</summary>
    Quiet,

    /// <summary>It has chosen not to be seen.</summary>
    Invisible,

    /// <summary>It is to be seen by nobody.</summary>
    Hidden,

    /// <summary>It has chosen what others see.</summary>
    ChosenByUser,

    /// <summary>The application has chosen what others see.</summary>
    ChosenByApplication,

    /// <summary>Its last connection has closed, and the grace is not over.</summary>
    Leaving,

    /// <summary>It was active lately.</summary>
    Active,

    /// <summary>It is connected, and was not active for long enough.</summary>
    ConnectedOnly,
}
