using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Rosters;

/// <summary>
/// Tells rosters what has changed. One write of a roster is on its way at a time, and so many changes that fall together are few requests.
/// </summary>
internal sealed class RosterWriter
{
    /// <summary>A crowd that comes at once is written so often; whoever comes alone, at once.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly IPresenceStore _store;
    private readonly RosterReader _reader;
    private readonly TimeProvider _time;
    private readonly Batcher<string, (RosterEntry Entry, long Until)> _conversations;

    public RosterWriter(IPresenceStore store, RosterReader reader, TimeProvider time, TimeSpan pace)
    {
        (_store, _reader, _time) = (store, reader, time);
        _conversations = new(WriteAsync, pace, time);
    }

    /// <summary>Writes what the rosters concerned are to say of a user; ends when all of them do.</summary>
    /// <param name="user">Of whom.</param>
    /// <param name="change">What.</param>
    /// <param name="isLate">Whether somebody may have tried before.</param>
    /// <param name="within">A write that has not begun by then is not begun at all: rosters expect none that is much later.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="OperationCanceledException">It is too late.</exception>
    public Task WriteAsync(PresenceKey user, RosterChange change, bool isLate, TimeSpan within)
    {
        var until = _time.GetTimestamp() + (long)(within.TotalSeconds * _time.TimestampFrequency);
        return Task.WhenAll(change.Places.Select(place => _conversations.AddAsync(
            place.ConversationId,
            (new(user, change.Revision, place.IsNamed ? change.View : null, place.Replaces, isLate), until))));
    }

    private async Task WriteAsync(string conversationId, IReadOnlyList<(RosterEntry Entry, long Until)> entries)
    {
        var now = _time.GetTimestamp();
        List<RosterEntry> inTime = [.. entries.Where(e => e.Until > now).Select(e => e.Entry)];
        try
        {
            if (inTime.Count > 0)
            {
                await _store.WriteRosterAsync(conversationId, inTime, CancellationToken.None);
            }
        }
        finally
        {
            _reader.Forget(conversationId);
        }

        _reader.Sizes.Wrote(
            conversationId, inTime.Count, inTime.Sum(entry => entry switch { { View: null } => -1, { Replaces: null, IsLate: false } => 1, _ => 0 }));

        if (inTime.Count < entries.Count)
        {
            throw new OperationCanceledException("It is too late to tell a roster; the next sweep does.");
        }
    }
}
