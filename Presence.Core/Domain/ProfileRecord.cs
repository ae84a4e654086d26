namespace Presence.Core.Domain;

/// <summary>What lasts of a user. While an <see cref="OnlineRecord"/> exists, that one is the truth and this one is not read.</summary>
public sealed record ProfileRecord : UserRecord
{
    /// <summary>The last activity before the user went offline; null if the user was never online.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>When the user left. A request that began at or before it does not bring the user back.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>
    /// When the user was signed out, while it is out because of that; otherwise null. What was negotiated at or before it, or is asked for
    /// with credentials issued at or before it, connects nobody.
    /// </summary>
    public DateTimeOffset? SignedOutAt { get; init; }

    /// <summary>
    /// When the user was erased: then nothing else is kept, and the row does not hold the user's id. Credentials issued at or before it
    /// bring nobody back.
    /// </summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Until when nothing that the user does, or its clients do, brings it back; null if it is not kept out.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>When this was last written of a user who was never seen, only watched, say, or revoked; null for one who was.</summary>
    public DateTimeOffset? TouchedAt { get; init; }

    /// <summary>
    /// Whether there is no reason left to remember the user: a guest not seen, or one never seen and in no conversation not heard of, after
    /// the moment given.
    /// </summary>
    public bool IsLongGone(PresenceKey user, DateTimeOffset until) => !(BannedUntil > until || Choice?.Until > until || ApplicationChoice?.Until > until) && (LastSeenAt is { } seen
        ? user.IsAnonymous && seen <= until
        : ErasedAt is null && TouchedAt <= until && Conversations.IsEmpty && Relations.AreNone && Privacy == Privacy.Default);

    /// <summary>Of a user erased at the moment given.</summary>
    public static ProfileRecord Tombstone(DateTimeOffset erasedAt) => new() { ErasedAt = erasedAt, LeftAt = erasedAt, SignedOutAt = erasedAt };
}
