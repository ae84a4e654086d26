using Presence.Core.Domain;
using Presence.Core.TableStorage;
using Presence.Simulation.Operations;
using Presence.Simulation.Storage;
using Presence.Simulation.Time;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Each session, as others could see it, is in the history with the change that ends it, under the moments of both its changes; nothing else ever is, none
/// is there twice, and after the answer to an erasure nothing from before. Here all of it is within minutes: of sessions that began in the same six, the last stays.
/// </summary>
internal sealed class SessionsAreKept(Surroundings world) : Check
{
    /// <summary>Moments are kept in whole milliseconds.</summary>
    private static readonly TimeSpan Cut = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<User, Moment> _shownSince = [];
    private readonly Dictionary<User, List<(Moment Start, Moment End)>> _ended = [];

    public override void OnCommitted(Commit commit)
    {
        var (user, was, shown) = (commit.User, commit.Before.Status != PresenceStatus.Offline, commit.After.Status != PresenceStatus.Offline);
        var moment = new Moment(commit.DecidedAt, commit.At);
        if (shown && !was)
        {
            _shownSince[user] = moment;
        }
        else if (was && !shown && _shownSince.Remove(user, out var start) && commit.By?.Kind != OperationKind.Erase)
        {
            Of(user).Add((start, moment));

            // One that by clocks that differ may have ended before it began is none.
            if (!SessionsOf(user).Any(session => Is(session, start, moment)) && moment.Earliest - start.Latest > world.Settings.Apart + Cut)
            {
                Fail($"the session of {user.Name} from {start} to {moment} is not in the history: {Text(user)}.");
            }
        }
    }

    public override void OnAnswered(Operation operation)
    {
        if (operation is { Kind: OperationKind.Erase, Answer: Answer.Ok, User: { } user }
            && SessionsOf(user).Any(session => session.End < VirtualTime.Start + operation.StartedAt - world.Settings.Apart))
        {
            Fail($"of {user.Name}, who is erased, sessions are left: {Text(user)}.");
        }
    }

    public override void OnQuiet()
    {
        foreach (var user in world.Population.Users)
        {
            foreach (var session in SessionsOf(user))
            {
                var seen = Of(user).FindIndex(one => Is(session, one.Start, one.End));
                if (seen < 0)
                {
                    Fail($"the history of {user.Name} has a session that there was not, or has it twice: {Text(user)}.");
                    return;
                }

                Of(user).RemoveAt(seen);
            }
        }
    }

    private List<(Moment Start, Moment End)> Of(User user) => _ended.TryGetValue(user, out var ended) ? ended : _ended[user] = [];

    private IEnumerable<Session> SessionsOf(User user) => world.Table.All
        .Where(row => row.RowKey.StartsWith(TableKeys.HistoryPrefix, StringComparison.Ordinal) && TableKeys.UserOfHistory(row.RowKey) == user.Key)
        .SelectMany(HistoryRows.ToSessions);

    private bool Is(Session session, Moment start, Moment end) => IsAt(session.Start, start) && IsAt(session.End, end);

    /// <summary>By the clock of the instance that decided it, between reading the records and writing them.</summary>
    private bool IsAt(DateTimeOffset told, Moment moment) => told - VirtualTime.Start is var at
        && at >= moment.Earliest - Skew - Cut && at <= moment.Latest + Skew;

    private TimeSpan Skew => TimeSpan.FromSeconds(world.Settings.Skew);

    private string Text(User user) => string.Join(
        ", ", SessionsOf(user).Select(session => FormattableString.Invariant($"{(session.Start - VirtualTime.Start).TotalSeconds:F3} to {(session.End - VirtualTime.Start).TotalSeconds:F3}")));

    /// <param name="Earliest">When the records were read on which a change was decided.</param>
    /// <param name="Latest">When storage made it.</param>
    private readonly record struct Moment(TimeSpan Earliest, TimeSpan Latest)
    {
        public override string ToString() => FormattableString.Invariant($"{Earliest.TotalSeconds:F3}..{Latest.TotalSeconds:F3}");
    }
}
