using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Of a user who is plainly online at most one call is recorded per window, however many instances there are: clocks may differ by what the
/// margin of the window allows, and a write may be applied as much later than it was decided. Returns do not count, nor does the one write
/// more for each time a user stops, nor what calls tell of a time before: that leaves the record behind, and the next call mends it.
/// </summary>
internal sealed class OneWritePerWindow(Settings settings) : Check
{
    private readonly Dictionary<User, (TimeSpan At, TimeSpan Late)> _last = [];

    public override void OnCommitted(Commit commit)
    {
        if (commit.After.Online is null)
        {
            _last.Remove(commit.User);
        }

        if (commit.After.Online is not { } after || commit.By is not { Kind: OperationKind.Activity } by || by.User != commit.User
            || after.RecordedAt == commit.Before.Online?.RecordedAt)
        {
            return;
        }

        if (after.LastActiveAt < after.RecordedAt - TimeSpan.FromSeconds(1))
        {
            _last.Remove(commit.User);
            return;
        }

        if (commit.Before.Online is { Status: PresenceStatus.Online } before
            && (before.LastClosedAt is null || !before.Connections.Open.IsEmpty)
            && _last.TryGetValue(commit.User, out var last)
            && commit.At - last.At < settings.Presence.RecordWindow - settings.Apart - last.Late - TimeSpan.FromMilliseconds(2))
        {
            Fail($"{commit.User.Name} is recorded again {(commit.At - last.At).TotalSeconds:F3} s after the last time.");
        }

        var toldLate = after.RecordedAt > after.LastActiveAt ? after.RecordedAt - after.LastActiveAt : default;
        _last[commit.User] = (commit.At, commit.At - commit.DecidedAt + toldLate);
    }
}
