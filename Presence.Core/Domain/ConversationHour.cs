namespace Presence.Core.Domain;

/// <summary>How many were in a conversation at one moment, online or away, as others could see them.</summary>
/// <param name="Minute">In which minute, UTC.</param>
/// <param name="Present">How many; more than none.</param>
public readonly record struct ConversationCount(DateTimeOffset Minute, int Present);

/// <summary>One hour of a conversation in which somebody was in it.</summary>
/// <param name="Hour">When it began, UTC.</param>
/// <param name="Peak">The most who were in it at once, at the moments at which they were counted.</param>
/// <param name="OnlineMinutes">How long they were in it, all together, in minutes.</param>
public sealed record ConversationHour(DateTimeOffset Hour, int Peak, double OnlineMinutes);
