using System.Collections.Concurrent;
using Presence.Core.Ledger;

namespace Presence.Core.Webhooks;

/// <summary>
/// The pages of the feed in one run, cut from what is read ahead: each stretch once, for all webhooks that have got equally far. All is read as of one
/// moment: then whoever has come to the end has the same cursor as the others there, and shares what is read in the next run with them. What could not be
/// read is not read again in the same run.
/// </summary>
/// <param name="feed">The feed.</param>
/// <param name="asOf">The moment.</param>
/// <param name="cancellationToken">Ends the reading.</param>
internal sealed class FeedPages(EventFeed feed, DateTimeOffset asOf, CancellationToken cancellationToken)
{
    /// <summary>No cursor is this text.</summary>
    private const string Beginning = "";

    /// <summary>What lies behind each cursor that a webhook of this run has had.</summary>
    private readonly ConcurrentDictionary<string, Lazy<Task<EventStretch>>> _behind = [];

    /// <summary>The page behind a cursor; null for the beginning of what is kept.</summary>
    /// <exception cref="CursorTooOldException">Events behind the cursor have been removed.</exception>
    public async Task<EventPage> ReadAsync(string? cursor, int limit)
    {
        var stretch = await _behind.GetOrAdd(cursor ?? Beginning, _ => new(() => ReadAheadAsync(cursor))).Value;
        var (page, left) = stretch.Cut(limit);
        if (left is not null)
        {
            _behind.TryAdd(page.Next.ToString(), new(Task.FromResult(left)));
        }

        return page;
    }

    private Task<EventStretch> ReadAheadAsync(string? cursor) =>
        feed.ReadAheadAsync(cursor is null ? null : EventCursor.Parse(cursor), asOf, cancellationToken);
}
