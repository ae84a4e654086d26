using System.Collections.Concurrent;
using Presence.Core.Ledger;

namespace Presence.Core.Webhooks;

/// <summary>
/// The pages of the feed that one run has read: each once, for all webhooks that have got equally far. All are read as of one moment: then whoever has
/// come to the end has the same cursor as the others there, and shares the pages of the next run with them. A page that could not be read is not read
/// again in the same run.
/// </summary>
/// <param name="feed">The feed.</param>
/// <param name="asOf">The moment.</param>
/// <param name="cancellationToken">Ends the reading.</param>
internal sealed class FeedPages(EventFeed feed, DateTimeOffset asOf, CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<(string? Cursor, int Limit), Lazy<Task<EventPage>>> _pages = [];

    /// <summary>The page behind a cursor; null for the beginning of what is kept.</summary>
    /// <exception cref="CursorTooOldException">Events behind the cursor have been removed.</exception>
    public Task<EventPage> ReadAsync(string? cursor, int limit) => _pages.GetOrAdd(
        (cursor, limit),
        key => new(() => feed.ReadAsync(key.Cursor is { } text ? EventCursor.Parse(text) : null, key.Limit, asOf, cancellationToken))).Value;
}
