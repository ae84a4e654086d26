using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// From the records before and after to the rows to write, all in one partition. The first action carries the condition: whoever
/// changes a user must change the row that decides, under the ETag it was read with.
/// </summary>
internal static class UserTransaction
{
    /// <param name="commit">The change.</param>
    /// <param name="partition">That of the user.</param>
    /// <param name="now">When it is sent: where its event lies, or as little behind the user's last one as it takes to lie behind that.</param>
    public static List<TableTransactionAction> Build(PendingCommit commit, string partition, DateTimeOffset now)
    {
        var (before, owed) = (commit.Before, commit.Owed);
        var (user, records, _) = before;
        var lastAt = records.EventAt;
        var eventAt = commit.Event is null ? lastAt : lastAt >= now ? lastAt.Value.AddTicks(1) : now;
        var after = commit.After.WithEventAt(eventAt);
        List<TableTransactionAction> actions = [.. Deciding(before, after, partition)];
        if (!UserCount.Includes(user, records) && UserCount.Includes(user, after))
        {
            // Counted in the same transaction, without a counter that all would fight over; the clean-up adds these rows up.
            actions.Add(UserCount.Add(partition, user));
        }

        actions.AddRange(WatchRows.Following(before, after, owed, partition));
        if (owed is not null)
        {
            actions.Add(new(TableTransactionActionType.UpsertReplace, owed.ToEntity(partition)));
        }

        if (commit.Event is { } told)
        {
            actions.Add(new(TableTransactionActionType.UpsertReplace, told.ToEntity(partition, eventAt!.Value, lastAt)));
        }

        if (commit.Finished is { } session)
        {
            actions.Add(HistoryRows.Keep(partition, user, session));
        }

        return actions;
    }

    private static IEnumerable<TableTransactionAction> Deciding(StoredUser before, UserRecords after, string partition)
    {
        var (user, records, tag) = before;
        var etag = tag is null ? default : new ETag(tag);
        var onlineKey = TableKeys.Online(user);
        if (records.Online is not null)
        {
            yield return after.Online is { } stays
                ? new(TableTransactionActionType.UpdateReplace, stays.ToEntity(partition, onlineKey), etag)
                : new(TableTransactionActionType.Delete, new TableEntity(partition, onlineKey), etag);
            if (after.Online is { } online && online.Relations with { ChangedAt = null } != records.Online.Relations with { ChangedAt = null })
            {
                // The profile beside it is not read now, but names the others too: an erasure of one of them must find nothing there.
                yield return new(TableTransactionActionType.UpsertMerge, online.Relations.ToMerge(partition, TableKeys.Profile(user)));
            }

            if (after.Online is null)
            {
                yield return new(TableTransactionActionType.UpsertReplace, ToEntity(user, after.Profile!, partition, isHere: false));
            }

            yield break;
        }

        // The profile is written even where only the online row is new: its ETag is what tells that the user did not come and go again
        // since it was read.
        foreach (var action in Profile(user, records.Profile, etag, after, partition))
        {
            yield return action;
        }

        if (after.Online is { } comes)
        {
            yield return new(TableTransactionActionType.Add, comes.ToEntity(partition, onlineKey));
        }
    }

    /// <summary>A tombstone is a row of its own, so that one that comes or goes replaces the profile, or is replaced by it.</summary>
    private static IEnumerable<TableTransactionAction> Profile(
        PresenceKey user, ProfileRecord? before, ETag etag, UserRecords after, string partition)
    {
        var profile = after is { Online: not null, Profile: null } ? new ProfileRecord() : after.Profile;
        var moves = before is not null && (profile is null || IsTombstone(before) != IsTombstone(profile));
        if (moves)
        {
            yield return new(TableTransactionActionType.Delete, new TableEntity(partition, KeyOf(user, before!)), etag);
        }

        if (profile is not null)
        {
            // A tombstone may be there already, of a user who came back just as it was made. The profile that gives way carries the condition.
            var first = moves && IsTombstone(profile) ? TableTransactionActionType.UpsertReplace : TableTransactionActionType.Add;
            yield return before is null || moves
                ? new(first, ToEntity(user, profile, partition, after.Online is not null))
                : new(TableTransactionActionType.UpdateReplace, ToEntity(user, profile, partition, after.Online is not null), etag);
        }
    }

    private static bool IsTombstone(ProfileRecord profile) => profile.ErasedAt is not null;

    private static string KeyOf(PresenceKey user, ProfileRecord profile) =>
        IsTombstone(profile) ? TableKeys.Tombstone(user) : TableKeys.Profile(user);

    private static TableEntity ToEntity(PresenceKey user, ProfileRecord profile, string partition, bool isHere) => IsTombstone(profile)
        ? profile.ToTombstone(partition, KeyOf(user, profile))
        : profile.ToEntity(partition, KeyOf(user, profile)).OfOneWhoIsHere(isHere);
}
