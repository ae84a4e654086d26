using Presence.Core.Domain;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Where nothing goes wrong, time takes people away when it should: one sweep after the grace of the last connection, or after so long
/// without a call.
/// </summary>
internal sealed class GoneInTime(Surroundings world, Func<User, UserRecords> recordsOf) : Check
{
    private readonly TimeSpan _slack = world.Settings.SweepEvery + world.Settings.Apart + world.Settings.Apart + TimeSpan.FromSeconds(2);

    public override void OnPromised()
    {
        foreach (var user in world.Population.Users)
        {
            Look(user, recordsOf(user));
        }
    }

    private void Look(User user, UserRecords records)
    {
        if (records.Online is not { } online)
        {
            return;
        }

        var options = world.Settings.Presence;
        var steady = world.Time.Now - (user.Commits.FindLast(c => c.IsOfSession
            || c.Before.Connections.Open.IsEmpty != c.After.Connections.Open.IsEmpty)?.At ?? default);
        var idle = Time.VirtualTime.Start + world.Time.Now - online.LastActiveAt;
        if (online.Connections.Open.IsEmpty)
        {
            if (idle > options.OfflineAfter + _slack + Patience() && steady > options.DisconnectGrace + _slack)
            {
                Fail($"{user.Name} is not told offline, who has been idle for {idle.TotalSeconds:F3} s.");
            }

            var emptied = user.Commits.FindLast(c => !c.Before.Connections.Open.IsEmpty && c.After.Connections.Open.IsEmpty);
            if (emptied is { After.Online.LastClosedAt: not null }
                && world.Time.Now - emptied.At > options.DisconnectGrace + _slack
                && !HasCalledSince(user, emptied.DecidedAt))
            {
                Fail($"{user.Name} is not told offline, whose last connection closed at {emptied.At.TotalSeconds:F3}.");
            }
        }
        else if (online.Status == PresenceStatus.Online && idle > options.AwayAfter + _slack + Patience() && steady > _slack)
        {
            Fail($"{user.Name} is not told away, who has been idle for {idle.TotalSeconds:F3} s.");
        }

        TimeSpan Patience() => world.Time.Now - world.TroubleEndedAt < options.Widest.RecordWindow + Settings.Aftermath + _slack ? options.Widest.RecordWindow : default;
    }

    /// <summary>Any sign of the user ends leaving: a call, a connection, a hand.</summary>
    private bool HasCalledSince(User user, TimeSpan time) => user.Operations.Exists(o => o.StartedAt > time - world.Settings.Apart
        && o.Kind is Operations.OperationKind.Activity or Operations.OperationKind.SetOnline or Operations.OperationKind.Connected);
}
