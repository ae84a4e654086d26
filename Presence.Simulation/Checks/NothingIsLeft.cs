using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.TableStorage;
using Presence.Simulation.Instances;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>When all is quiet, no duty is left, nobody waits for an answer, and the rosters say what the records say.</summary>
internal sealed class NothingIsLeft(Surroundings world, Fleet fleet, Func<User, UserRecords> recordsOf) : Check
{
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

        var rosters = rows.Where(r => r.RowKey.StartsWith(TableKeys.RosterPrefix, StringComparison.Ordinal))
            .ToDictionary(r => r.RowKey, StringComparer.Ordinal);
        foreach (var user in world.Population.Users)
        {
            var records = recordsOf(user);
            foreach (var conversation in records.Rosters)
            {
                if (!rosters.Remove(TableKeys.Roster(conversation, user.Key), out var row) || !Says(row, records))
                {
                    Fail($"the roster of {conversation} does not say of {user.Name} what its record says.");
                }
            }
        }

        if (rosters.Count > 0)
        {
            Fail($"the roster row {rosters.First().Key} belongs to nothing.");
        }
    }

    private static bool Says(TableEntity row, UserRecords records) =>
        row.ToStatus() == records.Status && row.GetInt64(nameof(PresenceView.Version)) == records.Version;
}
