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
    public static List<TableTransactionAction> Build(StoredUser before, UserRecords after, string partition)
    {
        var (user, records, tag) = before;
        List<TableTransactionAction> actions = [.. Deciding(user, records, after, tag, partition)];
        if (!UserCount.Includes(user, records) && UserCount.Includes(user, after))
        {
            // Counted in the same transaction, without a counter that all would fight over; the clean-up adds these rows up.
            actions.Add(UserCount.Add(partition, user));
        }

        actions.AddRange(Rosters(user, records, after, partition));
        return actions;
    }

    private static IEnumerable<TableTransactionAction> Deciding(
        PresenceKey user, UserRecords before, UserRecords after, string? tag, string partition)
    {
        var onlineKey = TableKeys.Online(user);
        var profileKey = TableKeys.Profile(user);
        var etag = tag is null ? default : new ETag(tag);
        switch (before.Online, after.Online)
        {
            case (not null, { } online):
                yield return new(TableTransactionActionType.UpdateReplace, online.ToEntity(partition, onlineKey), etag);
                break;

            case (not null, null):
                yield return new(TableTransactionActionType.Delete, new TableEntity(partition, onlineKey), etag);
                yield return new(TableTransactionActionType.UpsertMerge, after.Profile!.ToEntity(partition, profileKey));
                break;

            case (null, var online):
                // The profile is written even where only the online row is new: its ETag is what tells that the user did not come and
                // go again since it was read.
                yield return (before.Profile, after.Profile) switch
                {
                    (null, _) => new(
                        TableTransactionActionType.Add, (after.Profile ?? new ProfileRecord()).ToEntity(partition, profileKey)),
                    (_, { } profile) => new(TableTransactionActionType.UpdateMerge, profile.ToEntity(partition, profileKey), etag),
                    (_, null) => new(TableTransactionActionType.Delete, new TableEntity(partition, profileKey), etag),
                };
                if (online is not null)
                {
                    yield return new(TableTransactionActionType.Add, online.ToEntity(partition, onlineKey));
                }

                break;
        }
    }

    private static IEnumerable<TableTransactionAction> Rosters(PresenceKey user, UserRecords before, UserRecords after, string partition)
    {
        var view = after.ViewOf(user);
        var isNews = view.Status != before.Status || view.Version != before.ViewOf(user).Version;
        foreach (var conversation in after.Rosters.Where(c => isNews || !before.Rosters.Contains(c)))
        {
            yield return new(TableTransactionActionType.UpsertReplace, view.ToRosterEntity(partition, TableKeys.Roster(conversation, user)));
        }

        foreach (var conversation in before.Rosters.Except(after.Rosters))
        {
            yield return new(TableTransactionActionType.Delete, new TableEntity(partition, TableKeys.Roster(conversation, user)), ETag.All);
        }
    }
}
