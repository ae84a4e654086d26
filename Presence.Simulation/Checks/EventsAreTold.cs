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
internal sealed class EventsAreTold(Surroundings world) : Check
{
    /// <summary>An instance whose clock is behind reads what one whose clock is ahead has written so much later; and the calls take their time.</summary>
    private readonly TimeSpan _patience = EventFeed.Lag + world.Settings.Apart + Follower.LongestPause + TimeSpan.FromSeconds(5);

    private readonly Dictionary<User, List<Expected>> _expected = [];
    private readonly Dictionary<User, long> _latest = [];

    public override void OnCommitted(Commit commit)
    {
        if (KindOf(commit) is not { } kind)
        {
            return;
        }

        var expected = OfUser(commit.User);
        if (expected.Count > 0 && expected[^1].Version >= commit.After.Revision)
        {
            Fail($"the event of {commit.User.Name} would have version {commit.After.Revision}; there was {expected[^1].Version} before.");
        }

        expected.Add(new(kind, commit.After.Revision, commit.After, commit.At));
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
        if (operation is { Kind: OperationKind.Erase, Answer: Answer.Ok, User: { } user } && OfUser(user).FindLast(e => e.Kind == UserEventKind.Erased) is { } erased
            && world.Table.All.FirstOrDefault(row => IsLeft(row, user, erased)) is { } left)
        {
            Fail($"{left.RowKey} is left of {user.Name}, which was erased.");
        }
    }

    public override void OnQuiet()
    {
        foreach (var (user, expected) in _expected)
        {
            var since = expected.FindLastIndex(e => e.Kind == UserEventKind.Erased);
            if (expected.Skip(Math.Max(since, 0)).FirstOrDefault(e => !e.IsTold && e.At < world.Time.Now - _patience) is { } missed)
            {
                Fail($"{missed.Kind} of {user.Name} with version {missed.Version} was never told.");
            }
        }
    }

    private void Look(User user, UserEvent told)
    {
        if (OfUser(user).Find(e => e.Version == told.Version) is not { } expected || expected.Kind != told.Kind || !Says(told, expected, user))
        {
            Fail($"{told} is told, which is not what happened.");
            return;
        }

        if (!expected.IsTold && told.Version < _latest.GetValueOrDefault(user))
        {
            Fail($"{told.Id} is told for the first time after {_latest[user]}.");
        }

        expected.IsTold = true;
        _latest[user] = Math.Max(_latest.GetValueOrDefault(user), told.Version);
    }

    private static bool Says(UserEvent told, Expected expected, User user)
    {
        if (expected.Kind == UserEventKind.Erased)
        {
            return told is { View: null, Conversations.IsEmpty: true, Joined.IsEmpty: true, Left.IsEmpty: true };
        }

        var (view, records) = (told.View!, expected.After);
        var isHidden = records.Privacy != Privacy.Default;
        return Shown(view) == Shown(records.ViewOf(user.Key)) && (records.Conversations.IsEmpty || told.Conversations.SequenceEqual(records.Conversations))
            && (!isHidden || (view is { LastActiveAt: null, LastSeenAt: null } && told.At.TimeOfDay == TimeSpan.Zero));
    }

    private static UserEventKind? KindOf(Commit commit)
    {
        var (before, after) = (commit.Before.ViewOf(commit.User.Key), commit.After.ViewOf(commit.User.Key));
        return commit.After.Profile?.ErasedAt is { } at && at != commit.Before.Profile?.ErasedAt ? UserEventKind.Erased
            : before.Status != after.Status ? UserEventKind.Status
            : Shown(before) != Shown(after) || (commit.Before.Privacy != commit.After.Privacy && before.Version != after.Version) ? UserEventKind.Availability
            : !commit.Before.Conversations.SequenceEqual(commit.After.Conversations) ? UserEventKind.Membership
            : null;
    }

    private static (Availability Availability, string? Text, string? Emoji, string? Device) Shown(PresenceView view) =>
        (view.Availability, view.Text, view.Emoji, view.Device);

    private static bool IsLeft(Azure.Data.Tables.TableEntity row, User user, Expected erased) =>
        row.RowKey.StartsWith(TableKeys.EventPrefix, StringComparison.Ordinal) && row.ToStoredEvent().Event is { Kind: not UserEventKind.Erased } told
        && told.User == user.Key && told.Version < erased.Version;

    private List<Expected> OfUser(User user) => _expected.TryGetValue(user, out var expected) ? expected : _expected[user] = [];

    private sealed record Expected(UserEventKind Kind, long Version, UserRecords After, TimeSpan At)
    {
        public bool IsTold { get; set; }
    }
}
