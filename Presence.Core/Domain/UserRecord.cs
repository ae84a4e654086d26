using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>What is kept of a user whether it is here or not.</summary>
public abstract record UserRecord
{
    /// <summary>The user's connections to the SignalR service.</summary>
    public ConnectionSet Connections { get; init; } = ConnectionSet.Empty;

    /// <summary>The conversations the user was put into, in ordinal order.</summary>
    public ImmutableArray<string> Conversations { get; init; } = [];

    /// <summary>Whether somebody has asked to be told of this user, in common conversation or not.</summary>
    public bool IsWatched { get; init; }

    /// <summary>When all credentials of the user were revoked last: those issued at or before it are worth nothing, whoever still trusts them.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The devices that were signed out lately, and when: as long as credentials live none of them connects.</summary>
    public ImmutableArray<ConnectionMark> SignedOutDevices { get; init; } = [];

    /// <summary>What the user has chosen that others see; null for nothing.</summary>
    public Choice? Choice { get; init; }

    /// <summary>What the application has chosen for the user; null for nothing.</summary>
    public Choice? ApplicationChoice { get; init; }

    /// <summary>What others see as long as the user is not to be seen, or since it left unseen; null where it can be seen.</summary>
    public Disguise? Disguise { get; init; }

    /// <summary>What the user lets others know of itself.</summary>
    public Privacy Privacy { get; init; } = Privacy.Default;

    /// <summary>Who may see the user, and whom it may see, beside what conversations say.</summary>
    public Relations Relations { get; init; } = Relations.None;

    /// <summary>The version of the last news of the user; rises strictly. 0 if there was none.</summary>
    public long Version { get; init; }

    /// <summary>
    /// Rises strictly with each change of what a roster says of the user: with each news, and with each conversation it comes into or
    /// leaves; and with each change of what was chosen. Never less than <see cref="Version"/>.
    /// </summary>
    public long Revision { get; init; }

    /// <summary>
    /// The revisions under which rosters were told of the user last, in the order of its rosters; none where it was with its last news, and so
    /// is in records of an older version.
    /// </summary>
    public ImmutableArray<long> Told { get; init; } = [];

    /// <summary>
    /// When the last event of the user was sent to storage, which is where it lies in the feed: the next one lies behind it, whatever the clocks of
    /// instances say. Storage sets it. Null if there was none, and after an older version has written the record.
    /// </summary>
    public DateTimeOffset? EventAt { get; init; }

    /// <summary>The id of the write that made this record.</summary>
    public string WriteId { get; init; } = "";
}
