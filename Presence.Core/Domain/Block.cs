namespace Presence.Core.Domain;

/// <summary>That two users do not see each other, as it stands in the records of both.</summary>
/// <param name="Other">The other of the two.</param>
/// <param name="LastSeenAt">The last activity of the other that this one knows of: to it the other left then. Null for none.</param>
/// <param name="Version">The last version of the other that this one may have been told.</param>
/// <param name="IsCoarse">Whether this one is told that activity in the words of <see cref="LastSeen"/> alone.</param>
public sealed record Block(PresenceKey Other, DateTimeOffset? LastSeenAt, long Version, bool IsCoarse = false);
