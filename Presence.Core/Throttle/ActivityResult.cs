using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>What became of an activity call.</summary>
/// <param name="Status">The user's status after it.</param>
/// <param name="Throttled">Whether nothing was recorded because the window was open.</param>
/// <param name="NextRecordAt">When the user's client is to call next, as long as its user is active; null for a user who is not plainly online.</param>
/// <param name="NextWhileConnected">The same for a client that holds a connection of its own; null where that is not known to be later.</param>
/// <param name="LastActiveAt">The last activity that is recorded; null where storage was not asked, or the user is offline.</param>
/// <param name="Recorded">Whether it was recorded. What was neither that nor throttled told nothing, or came from before its user left.</param>
/// <param name="Token">What the client is to send with its next call; null where it is to go on sending what it has.</param>
public readonly record struct ActivityResult(
    PresenceStatus Status, bool Throttled, DateTimeOffset? NextRecordAt, DateTimeOffset? LastActiveAt, string? Token = null,
    DateTimeOffset? NextWhileConnected = null, bool Recorded = false);
