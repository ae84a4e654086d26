using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// The events of one user, of which each says when the one before it was sent. They are removed from the one that tells of the erasure back, some at a time,
/// and in the same transaction that one is made to say where the rest goes on: so whatever fails, a repeat finds the rest, and nobody else's are looked
/// at. Where no events are written any more, the last one of before takes its part, and goes with the rest.
/// </summary>
/// <param name="user">Whose.</param>
/// <param name="find">Reads the row of a key.</param>
/// <param name="submit">Sends a transaction. False if a row of it is gone.</param>
/// <param name="seek">Removes all of them up to a moment, but those of erasures, without knowing where they lie. How many.</param>
internal sealed class EventChain(
    PresenceKey user, Func<string, Task<TableEntity?>> find, Func<IReadOnlyList<TableTransactionAction>, Task<bool>> submit,
    Func<DateTimeOffset, Task<int>> seek)
{
    /// <summary>Only what removes the same events, a clean-up or another erasure, makes a transaction fail; and it gets on by that.</summary>
    private const int MostRefusals = 10;

    /// <inheritdoc cref="IEventStore.RemoveAsync"/>
    public async Task<int> RemoveAsync(DateTimeOffset? last, DateTimeOffset erasedAt, bool isSought)
    {
        if (last is null)
        {
            return isSought ? await seek(erasedAt) : 0;
        }

        var removed = 0;
        var head = await HeadAsync(last.Value, erasedAt);
        for (var refusals = 0; head is not null && !(head.IsOfErasure() && head.ToLink() == EventRows.NothingBefore);)
        {
            var (actions, link, sought) = await BackFromAsync(head, isSought);
            removed += sought;
            actions.Add(head.IsOfErasure() || link != EventRows.NothingBefore ? head.Linked(link) : RowRemoval.Of(head));
            if (await submit(actions))
            {
                removed += actions.Count(action => action.ActionType == TableTransactionActionType.Delete);
                head = link == EventRows.NothingBefore ? null : await find(head.RowKey);
            }
            else if (++refusals > MostRefusals)
            {
                throw new StoreUnavailableException($"Others remove the same events: gave up after {MostRefusals} tries.");
            }
            else
            {
                head = await find(head.RowKey);
            }
        }

        return removed;
    }

    /// <summary>The event of the erasure; what comes after it is of one who has come back.</summary>
    private async Task<TableEntity?> HeadAsync(DateTimeOffset last, DateTimeOffset erasedAt)
    {
        var (sentAt, row) = (last, await FindAsync(last));
        while (row is not null && !row.IsOfErasure() && sentAt > erasedAt)
        {
            (sentAt, row) = row.ToLink() is { } link and not EventRows.NothingBefore ? (At(link), await FindAsync(At(link))) : (sentAt, null);
        }

        return row;
    }

    /// <summary>Removing as many as go into a transaction, and where the chain goes on behind them.</summary>
    private async Task<(List<TableTransactionAction> Actions, long Link, int Sought)> BackFromAsync(TableEntity head, bool isSought)
    {
        List<TableTransactionAction> actions = [];
        var (link, at) = (head.ToLink(), TableKeys.OfEvent(head.RowKey).Position.Ticks);
        while (link is not null and not EventRows.NothingBefore && actions.Count < RowRemoval.Most - 1)
        {
            // One that is gone has gone with its time, and all that were before it.
            (at, var row) = (link.Value, await FindAsync(At(link.Value)));
            link = row is null ? EventRows.NothingBefore : row.ToLink();
            if (row?.IsOfErasure() == false)
            {
                actions.Add(RowRemoval.Of(row));
            }
            else if (row is not null && link is not null and not EventRows.NothingBefore)
            {
                // That erasure had not come to its end; what it leads to is this one's now.
                actions.Add(row.Linked(EventRows.NothingBefore));
            }
        }

        return link is { } known ? (actions, known, 0) : (actions, EventRows.NothingBefore, isSought ? await seek(At(at)) : 0);
    }

    private Task<TableEntity?> FindAsync(DateTimeOffset sentAt) => find(TableKeys.Event(user, sentAt));

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
