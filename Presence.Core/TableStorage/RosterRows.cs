using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// A roster as rows of one partition: one of each user whom it names, and one of each whom it names no more, as long as somebody may still
/// write what was before. Keys end in the revision of the user's records, and the largest of a user counts, so that rows may be written
/// late, twice and in any order.
/// </summary>
internal static class RosterRows
{
    /// <summary>
    /// So long a row says that a user is gone. Whoever writes what was before has begun within 10 s of it and ends within 5 s, by clocks
    /// that may be 5 s apart.
    /// </summary>
    public static readonly TimeSpan GoneFor = TimeSpan.FromMinutes(1);

    /// <summary>The writes for what is to be said, those of one user together: the row, and the removal of the one that it replaces.</summary>
    public static IEnumerable<List<TableTransactionAction>> Build(string partition, IReadOnlyCollection<RosterEntry> entries) =>
        entries.GroupBy(entry => entry.User).Select(ofUser =>
        {
            // Of several entries of a user those before the last are never written.
            var revisions = ofUser.Select(entry => entry.Revision).ToHashSet();
            return Build(partition, Last(ofUser), ofUser.Select(entry => entry.Replaces).OfType<long>().Distinct().Where(r => !revisions.Contains(r)));
        });

    /// <summary>The same, where somebody may have tried before: what there is already is not written, and whatever was before it goes.</summary>
    public static IEnumerable<List<TableTransactionAction>> Build(
        string partition, IReadOnlyCollection<RosterEntry> entries, IReadOnlyCollection<OfUser> found)
    {
        var named = found.Where(user => user.User is not null).ToDictionary(user => user.User!.Value);
        var gone = found.Where(user => user.User is null).ToDictionary(user => user.Last.Owner, StringComparer.Ordinal);
        return entries.GroupBy(entry => entry.User).Select(ofUser =>
        {
            var last = Last(ofUser);
            var known = named.GetValueOrDefault(ofUser.Key) ?? gone.GetValueOrDefault(TableKeys.OfGone(ofUser.Key));
            return known is null ? Build(partition, last, [])
                : known.Last.Revision < last.Revision ? Build(partition, last, known.Named.Select(row => row.Revision))
                : [.. Removals(partition, ofUser.Key, known.Named.Where(row => row != known.Last).Select(row => row.Revision))];
        });
    }

    /// <summary>The rows of a partition, user by user.</summary>
    public static IReadOnlyCollection<OfUser> Read(IEnumerable<TableEntity> rows, RowReader reader)
    {
        var named = new Dictionary<string, OfUser>(StringComparer.Ordinal);
        var gone = new Dictionary<string, OfUser>(StringComparer.Ordinal);
        foreach (var entity in rows)
        {
            if (reader.TryRead(entity, ToRow, out var row))
            {
                var users = row.User is null ? gone : named;
                var user = users.TryGetValue(row.Owner, out var known) ? known : users[row.Owner] = new(row.User);
                (row.User is null ? user.Gone : user.Named).Add(row);
            }
        }

        if (gone.Count > 0)
        {
            foreach (var user in named.Values)
            {
                user.Gone.AddRange(gone.Remove(TableKeys.OfGone(user.User!.Value), out var its) ? its.Gone : []);
            }
        }

        return [.. named.Values, .. gone.Values];
    }

    private static RosterEntry Last(IEnumerable<RosterEntry> ofUser) => ofUser.MaxBy(entry => entry.Revision)!;

    private static List<TableTransactionAction> Build(string partition, RosterEntry entry, IEnumerable<long> replaced) =>
    [
        new(
            TableTransactionActionType.UpsertReplace,
            entry.View is { } view
                ? view.ToRosterEntity(partition, TableKeys.Roster(entry.User, entry.Revision))
                : new TableEntity(partition, TableKeys.Gone(entry.User, entry.Revision))),
        .. Removals(partition, entry.User, replaced),
    ];

    private static IEnumerable<TableTransactionAction> Removals(string partition, PresenceKey user, IEnumerable<long> revisions) =>
        revisions.Select(revision => new TableTransactionAction(
            TableTransactionActionType.Delete, new TableEntity(partition, TableKeys.Roster(user, revision)), ETag.All));

    private static Row ToRow(TableEntity entity)
    {
        var (owner, revision) = TableKeys.OfRevision(entity.RowKey);
        return new(
            owner,
            owner.StartsWith(TableKeys.RosterPrefix, StringComparison.Ordinal) ? TableKeys.UserOf(owner, TableKeys.RosterPrefix) : null,
            revision,
            entity);
    }

    /// <summary>A row of a roster.</summary>
    /// <param name="Owner">Its key without the revision.</param>
    /// <param name="User">Whom it names; null where it says that somebody is gone.</param>
    /// <param name="Revision">Of the user's records.</param>
    /// <param name="Entity">The row itself.</param>
    public sealed record Row(string Owner, PresenceKey? User, long Revision, TableEntity Entity);

    /// <summary>The rows of one user.</summary>
    /// <param name="user">Who; null where none names it.</param>
    public sealed class OfUser(PresenceKey? user)
    {
        public PresenceKey? User => user;

        /// <summary>Those that name it.</summary>
        public List<Row> Named { get; } = [];

        /// <summary>Those that say that it is gone.</summary>
        public List<Row> Gone { get; } = [];

        /// <summary>The one that counts.</summary>
        public Row Last => Named.Concat(Gone).MaxBy(row => row.Revision)!;

        /// <summary>Who is in the roster, and what it says; null for nobody.</summary>
        public (PresenceKey User, TableEntity Row)? Member => Last is { User: { } named, Entity: var row } ? (named, row) : null;

        /// <summary>
        /// Those that say nothing any more, in the order in which they are to be removed: whoever is interrupted must not leave one that names
        /// the user without the one that says it is gone.
        /// </summary>
        /// <param name="goneUntil">Of users gone at or before this moment nobody writes any more what was before.</param>
        public IEnumerable<Row> Superfluous(DateTimeOffset goneUntil)
        {
            var last = Last;
            return Named.Where(row => row != last)
                .Concat(Gone.Where(row => row != last))
                .Concat(last.User is null && last.Revision <= goneUntil.ToUnixTimeMilliseconds() ? [last] : []);
        }
    }
}
