namespace Presence.Core.Domain;

/// <summary>
/// A time in which others were shown that a user is here: from the change from offline to another status, up to and without the change back.
/// Going invisible ends it as leaving does. Both times are UTC, with millisecond precision; <paramref name="End"/> is later than <paramref name="Start"/>.
/// </summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it was over: the first moment that is no part of it.</param>
public readonly record struct Session(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>How long it was; more than zero.</summary>
    public TimeSpan Length => End - Start;
}
