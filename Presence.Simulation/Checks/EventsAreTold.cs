using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.TableStorage;
using Presence.Simulation.Operations;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// The feed of events tells each change of what others see, and of conversations, and each erasure: at least once, for the first time in the order
/// of the user's versions, and nothing else. Whoever is erased needs to be told of nothing before that; and then no event of before is left.
/// </summary>
internal sealed class EventsAreTold(Surroundings world, OwedEvents owed) : Check
{
    /// <summary>An instance whose clock is behind reads what one whose clock is ahead has written so much later; and the calls take their time.</summary>
    private readonly TimeSpan _patience = EventFeed.Lag + world.Settings.Apart + Follower.LongestPause + TimeSpan.FromSeconds(5);

    private readonly HashSet<OwedEvent> _told = [];
    private readonly Dictionary<User, long> _latest = [];

    public override void OnCommitted(Commit commit)
    {
        var before = owed.Of(commit.User) is [.., var last] ? last : null;
        if (owed.Add(commit) is { } added && before?.Version >= added.Version)
        {
            Fail($"the event of {commit.User.Name} would have version {added.Version}; there was {before.Version} before.");
        }
    }

    public void OnRead(EventPage page)
    {
        foreach (var told in page.Events)
        {
            Look(world.Population.Find(told.User), told);
        }
    }

    public override void OnAnswered(Operation operation)
    {
        if (operation is { Kind: OperationKind.Erase, Answer: Answer.Ok, User: { } user } && owed.Of(user).LastOrDefault(e => e.Kind == UserEventKind.Erased) is { } erased
            && world.Table.All.FirstOrDefault(row => IsLeft(row, user, erased)) is { } left)
        {
            Fail($"{left.RowKey} is left of {user.Name}, which was erased.");
        }
    }

    public override void OnQuiet()
    {
        foreach (var user in owed.Users)
        {
            if (owed.Lasting(user).FirstOrDefault(e => !_told.Contains(e) && e.At < world.Time.Now - _patience) is { } missed)
            {
                Fail($"{missed.Kind} of {user.Name} with version {missed.Version} was never told.");
            }
        }
    }

    private void Look(User user, UserEvent told)
    {
        if (owed.Find(user, told.Version) is not { } expected || expected.Kind != told.Kind || !Says(told, expected, user))
        {
            Fail($"{told} is told, which is not what happened.");
            return;
        }

        if (_told.Add(expected) && told.Version < _latest.GetValueOrDefault(user))
        {
            Fail($"{told.Id} is told for the first time after {_latest[user]}.");
        }

        _latest[user] = Math.Max(_latest.GetValueOrDefault(user), told.Version);
    }

    private static bool Says(UserEvent told, OwedEvent expected, User user)
    {
        if (expected.Kind == UserEventKind.Erased)
        {
            return told is { View: null, Conversations.IsEmpty: true, Joined.IsEmpty: true, Left.IsEmpty: true };
        }

        var (view, records) = (told.View!, expected.After);
        var isHidden = records.Privacy != Privacy.Default;
        return OwedEvents.Shown(view) == OwedEvents.Shown(records.ViewOf(user.Key)) && (records.Conversations.IsEmpty || told.Conversations.SequenceEqual(records.Conversations))
            && (!isHidden || (view is { LastActiveAt: null, LastSeenAt: null } && told.At.TimeOfDay == TimeSpan.Zero));
    }

    private static bool IsLeft(Azure.Data.Tables.TableEntity row, User user, OwedEvent erased) =>
        row.RowKey.StartsWith(TableKeys.EventPrefix, StringComparison.Ordinal) && row.ToStoredEvent().Event is { Kind: not UserEventKind.Erased } told
        && told.User == user.Key && told.Version < erased.Version;
}
