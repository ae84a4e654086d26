using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>
/// The records of one user, as loaded or as they are to be. Where <see cref="Online"/> is loaded, <see cref="Profile"/> is not:
/// the online record alone decides.
/// </summary>
public readonly record struct UserRecords(OnlineRecord? Online, ProfileRecord? Profile)
{
    /// <summary>The status others are told.</summary>
    public PresenceStatus Status => Online?.Status ?? PresenceStatus.Offline;

    /// <summary>The conversations the user was put into.</summary>
    public ImmutableArray<string> Conversations => Online?.Conversations ?? Profile?.Conversations ?? [];

    /// <summary>The user's connections to the SignalR service.</summary>
    public ConnectionSet Connections => Online?.Connections ?? Profile?.Connections ?? ConnectionSet.Empty;

    /// <summary>The conversations whose roster names the user: its own, or the default one while it is online in no other.</summary>
    public ImmutableArray<string> Rosters =>
        !Conversations.IsEmpty ? Conversations
        : Online?.DefaultConversation is { } fallback ? [fallback]
        : [];

    /// <summary>Whether somebody has asked to be told of this user, in common conversation or not.</summary>
    public bool IsWatched => Online?.IsWatched ?? Profile?.IsWatched ?? false;

    /// <summary>What others may know of the user.</summary>
    public PresenceView ViewOf(PresenceKey user) => new()
    {
        UserId = user.ToString(),
        IsAnonymous = user.IsAnonymous,
        Status = Status,
        LastActiveAt = Online?.LastActiveAt ?? Profile?.LastSeenAt,
        LastSeenAt = Online is null ? Profile?.LastSeenAt : null,
        Version = Online?.Version ?? Profile?.Version ?? 0,
    };

    /// <summary>Whether the deciding record, or its last change of status, was made by the write of this id.</summary>
    internal bool IsWrittenBy(string writeId) => Online is { } online
        ? online.WriteId == writeId || online.StatusWriteId == writeId
        : Profile is { } profile && (profile.WriteId == writeId || profile.StatusWriteId == writeId);

    /// <summary>The same records, made by the write of this id.</summary>
    internal UserRecords StampedWith(string writeId, bool statusChanged) => new(
        Online is { } online
            ? online with { WriteId = writeId, StatusWriteId = statusChanged ? writeId : online.StatusWriteId }
            : null,
        Profile is { } profile
            ? profile with { WriteId = writeId, StatusWriteId = statusChanged ? writeId : profile.StatusWriteId }
            : null);
}
