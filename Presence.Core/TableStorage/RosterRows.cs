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

    /// <summary>
    /// The writes for what is to be said, those of one user together. Of several entries of a user the last counts; the row that it replaces
    /// goes with the same transaction.
    /// </summary>
    /// <param name="partition">Of the conversation.</param>
    /// <param name="entries">What is to be said.</param>
    /// <param name="found">All rows of the partition, if they were read; null if not.</param>
    public static IEnumerable<List<TableTransactionAction>> Build(
        string partition, IReadOnlyCollection<RosterEntry> entries, IReadOnlyCollection<OfUser>? found)
    {
        var known = found?.Where(user => user.Named.Count > 0).ToDictionary(user => user.User);
        return entries.GroupBy(entry => entry.User)
            .Select(ofUser => Build(partition, ofUser.Key, [.. ofUser], known is null ? null : known.GetValueOrDefault(ofUser.Key)?.Named ?? []));
    }

    /// <summary>The rows of one user, of those of a partition; which of them says what is true, and which may go.</summary>
    public static IEnumerable<OfUser> Read(IEnumerable<TableEntity> rows, RowReader reader)
    {
        var users = new Dictionary<string, OfUser>(StringComparer.Ordinal);
        var gone = new Dictionary<string, List<Row>>(StringComparer.Ordinal);
        foreach (var entity in rows)
        {
            if (!reader.TryRead(entity, ToRow, out var row))
            {
                continue;
            }

            if (row.User is { } user)
            {
                (users.TryGetValue(row.Owner, out var found) ? found : users[row.Owner] = new(user)).Named.Add(row);
            }
            else
            {
                (gone.TryGetValue(row.Owner, out var found) ? found : gone[row.Owner] = []).Add(row);
            }
        }

        if (gone.Count > 0)
        {
            foreach (var user in users.Values)
            {
                user.Gone.AddRange(gone.Remove(TableKeys.GonePrefix + TableKeys.Hash(user.User), out var found) ? found : []);
            }
        }

        return users.Values.Concat(gone.Values.Select(found => new OfUser(default) { Gone = found }));
    }

    private static List<TableTransactionAction> Build(string partition, PresenceKey user, List<RosterEntry> entries, List<Row>? named)
    {
        var last = entries.MaxBy(entry => entry.Revision)!;
        var replaced = named?.Select(row => row.Revision).Where(revision => revision < last.Revision)
            ?? entries.Select(entry => entry.Replaces).OfType<long>().Distinct().Except(entries.Select(entry => entry.Revision));
        return
        [
            new(
                TableTransactionActionType.UpsertReplace,
                last.View is { } view
                    ? view.ToRosterEntity(partition, TableKeys.Roster(user, last.Revision))
                    : new TableEntity(partition, TableKeys.Gone(user, last.Revision))),
            .. replaced.Select(revision => new TableTransactionAction(
                TableTransactionActionType.Delete, new TableEntity(partition, TableKeys.Roster(user, revision)), ETag.All)),
        ];
    }

    private static Row ToRow(TableEntity entity)
    {
        var (owner, revision) = TableKeys.OfRevision(entity.RowKey);
        PresenceKey? user = owner.StartsWith(TableKeys.RosterPrefix, StringComparison.Ordinal) ? TableKeys.UserOf(owner, TableKeys.RosterPrefix) : null;
        return new(owner, user, revision, entity);
    }

    /// <summary>A row of a roster.</summary>
    public sealed record Row(string Owner, PresenceKey? User, long Revision, TableEntity Entity);

    /// <summary>The rows of one user.</summary>
    /// <param name="user">Who; nobody where no row names it.</param>
    public sealed class OfUser(PresenceKey user)
    {
        public PresenceKey User => user;

        /// <summary>Those that name it.</summary>
        public List<Row> Named { get; } = [];

        /// <summary>Those that say that it is gone.</summary>
        public List<Row> Gone { get; init; } = [];

        /// <summary>What the roster says; null where it does not name the user.</summary>
        public TableEntity? Member => Last is { User: not null } last ? last.Entity : null;

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

        private Row Last => Named.Concat(Gone).MaxBy(row => row.Revision)!;
    }
}
