namespace Presence.Core.Domain;

/// <summary>What others see of a user who is not to be seen: that it left when it was seen last, or never came.</summary>
/// <param name="LastSeenAt">The last activity that others know of; null for none.</param>
public sealed record Disguise(DateTimeOffset? LastSeenAt);
