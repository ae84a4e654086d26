namespace Presence.Core.Ledger;

/// <summary>What lies behind a cursor is not kept any more, or may not be: whoever holds it may have missed events, and begins anew.</summary>
/// <param name="retention">For how long events are kept.</param>
public sealed class CursorTooOldException(TimeSpan retention)
    : Exception($"The cursor is older than events are kept, {retention}: some may have been missed. Read the users anew, and go on from after=latest.");
