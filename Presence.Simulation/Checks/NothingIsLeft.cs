using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.TableStorage;
using Presence.Simulation.Instances;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>When all is quiet, no duty is left, nobody waits for an answer, and the rosters say what the records say.</summary>
internal sealed class NothingIsLeft(Surroundings world, Fleet fleet, Func<User, UserRecords> recordsOf) : Check
{
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(1);

    public override void OnQuiet()
    {
        var rows = world.Table.All.ToList();
        if (rows.FirstOrDefault(r => r.RowKey.StartsWith(TableKeys.DutyPrefix, StringComparison.Ordinal)) is { } left)
        {
            Fail($"a duty is left, of {TableKeys.UserOf(left.RowKey[..left.RowKey.LastIndexOf(TableKeys.Separator)], TableKeys.DutyPrefix)}.");
        }

        foreach (var instance in fleet.All.Where(i => i.Life.DiedAt is null))
        {
            if (instance.AtWork.Find(o => world.Time.Now - o.StartedAt > TimeSpan.FromMinutes(1)) is { } waiting)
            {
                Fail($"{waiting.Name} was never answered.");
            }
        }

        foreach (var conversation in world.Conversations.Append(world.Settings.Presence.DefaultConversation).Distinct())
        {
            Look(conversation, rows.Where(r => r.PartitionKey == TableKeys.Conversation(conversation)));
        }
    }

    private void Look(string conversation, IEnumerable<TableEntity> rows)
    {
        var found = RosterRows.Read(rows, fleet.Rows).ToList();
        var named = found.Select(user => user.Member).OfType<(PresenceKey User, TableEntity Row)>().ToDictionary(m => m.User, m => m.Row);
        foreach (var user in world.Population.Users)
        {
            var (records, isNamed) = (recordsOf(user), named.Remove(user.Key, out var row));
            if (records.Rosters.Contains(conversation) != isNamed || (isNamed && !Says(row!, user, records)))
            {
                var said = row is null ? "nothing" : $"{row.ToStatus()} v{row.GetInt64(nameof(PresenceView.Version))} under {row.RowKey}";
                Fail($"the roster of {conversation} says of {user.Name} {said}; the record says {records.Status} v{records.Version} in revision {records.Revision:x}.");
            }
        }

        if (named.Count > 0)
        {
            Fail($"the roster of {conversation} names {named.First().Key}, whom nobody knows.");
        }

        if (world.Settings.Trouble == Trouble.None
            && found.SelectMany(user => user.Named.Where(row => row != user.Last)).FirstOrDefault(row => !MayBeLeft(row)) is { } left)
        {
            Fail($"the roster of {conversation} still has a row of {left.User} that it replaced.");
        }
    }

    /// <summary>
    /// Of two changes that fall together the later one may be told first, by another instance: then it finds nothing yet to replace, and what comes
    /// after it stays until somebody cleans up. And so does what a sweep tells of those whose joining takes longer than a call waits.
    /// </summary>
    private bool MayBeLeft(RosterRows.Row row) => world.Population.Find(row.User!.Value).Commits.Exists(c =>
        (c.After.Revision > row.Revision && c.After.Revision - row.Revision <= Together.TotalMilliseconds)
        || c.Owed?.Duty is { IsRestricted: true, IsWelcome: false, Entered.IsEmpty: false });

    /// <summary>All that others may know, and of one who hides that it is a member; only the last activity of one who is here may be an earlier one.</summary>
    private static bool Says(TableEntity row, User user, UserRecords records) => Lasting(row.ToView(user.Key))
        == Lasting(records.Privacy.IsHidden ? Core.Rules.VisibilityRules.Unknown(user.Key) : records.ViewOf(user.Key));

    private static PresenceView Lasting(PresenceView view) => view.IsOnline ? view with { LastActiveAt = null } : view;
}
