using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>One entry of a batch: what the application's backend tells of a user.</summary>
/// <param name="User">Who.</param>
/// <param name="At">When the user was active; null where that is not told: the moment at which the batch is worked on.</param>
/// <param name="IsPassive">Whether this is no sign of activity, and only counted.</param>
public readonly record struct ToldActivity(PresenceKey User, DateTimeOffset? At = null, bool IsPassive = false);
