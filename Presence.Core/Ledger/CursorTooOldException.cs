using Presence.Core.Domain;

namespace Presence.Core.Ledger;

/// <summary>What lies behind a cursor is not kept any more, or may not be: whoever holds it may have missed events, and begins anew.</summary>
public sealed class CursorTooOldException : Exception
{
    private CursorTooOldException(string why)
        : base($"{why}: some may have been missed. Read the users anew, and go on from after=latest.")
    {
    }

    /// <summary>It is older than events are kept.</summary>
    /// <param name="retention">For how long that is.</param>
    public static CursorTooOldException OlderThan(TimeSpan retention) => new($"The cursor is older than events are kept, {retention}");

    /// <summary>Events were kept for a shorter time meanwhile, or not at all.</summary>
    /// <param name="complete">From when on all are there.</param>
    public static CursorTooOldException Before(DateTimeOffset complete) =>
        new($"The cursor is older than events are there without a gap, since {complete.ToWholeMilliseconds():O}");
}
