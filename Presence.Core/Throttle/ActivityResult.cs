using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>What became of an activity call.</summary>
/// <param name="Status">The user's status after it.</param>
/// <param name="Throttled">Whether nothing was recorded because the window was open.</param>
/// <param name="NextRecordAt">From when the next activity is recorded; null for a user who is not plainly online.</param>
/// <param name="LastActiveAt">The last activity that is recorded; null where storage was not asked, or the user is offline.</param>
public readonly record struct ActivityResult(PresenceStatus Status, bool Throttled, DateTimeOffset? NextRecordAt, DateTimeOffset? LastActiveAt);
