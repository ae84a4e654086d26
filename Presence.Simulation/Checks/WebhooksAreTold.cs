using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Webhooks;
using Presence.Simulation.Operations;
using Presence.Simulation.Receivers;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Each receiver is sent each event of the feed that its webhook asks for: at least once, for the first time in the order of the user's versions, so that
/// whoever drops what is not newer has dealt with all of them; and nothing else. However often attempts failed, in the end it has everything. While its webhook
/// is disabled no message is begun, and no run writes over what somebody else has changed since it began. A user who was erased is asked for by name no more.
/// </summary>
internal sealed class WebhooksAreTold(Surroundings world, OwedEvents owed) : Check
{
    /// <summary>An event may have been sent to storage long before it is there.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    /// <summary>As long as an event may be on its way in the end: until it is read, and until the next run, and the one after that.</summary>
    private readonly TimeSpan _patience = EventFeed.Lag + world.Settings.Apart + Upkeep.DeliverEvery * 2 + TimeSpan.FromSeconds(10);

    private readonly HashSet<(Receiver, OwedEvent)> _told = [];
    private readonly Dictionary<(Receiver, User), long> _latest = [];
    private readonly Dictionary<Receiver, (Operation By, TimeSpan At)> _changed = [];
    private readonly Dictionary<string, string> _messages = new(StringComparer.Ordinal);

    public void OnReceived(Received received)
    {
        var (to, id, events, by) = received;
        if (to.DisabledSince is { } since && since <= by.StartedAt)
        {
            Fail($"{by.Name} sends something to {to.Id}, which is disabled since {since.TotalSeconds:F3}.");
        }

        if (events.Length is 0 or > WebhookMessage.MaxEvents)
        {
            Fail($"{id} to {to.Id} has {events.Length} events.");
        }

        var ids = $"{to.Id}: {string.Join(' ', events.Select(told => told.Id))}";
        if (_messages.TryGetValue(id, out var before) ? before != ids : !_messages.TryAdd(id, ids))
        {
            Fail($"{id} is the id of two messages: {before}, and {ids}.");
        }

        foreach (var told in events)
        {
            Look(to, world.Population.Find(told.User), told);
        }
    }

    public void OnKept(Receiver receiver, Operation by, TimeSpan? readAt)
    {
        if (by.Kind == OperationKind.Deliver && _changed.TryGetValue(receiver, out var last) && last.By != by && last.At > readAt)
        {
            Fail($"{by.Name} changes the webhook of {receiver.Id} over what {last.By.Name} has changed since it was read.");
        }

        _changed[receiver] = (by, world.Time.Now);
    }

    public override void OnQuiet()
    {
        foreach (var (receiver, user) in world.Receivers.All.SelectMany(receiver => owed.Users.Select(user => (receiver, user))))
        {
            if (owed.Lasting(user).FirstOrDefault(e => !_told.Contains((receiver, e)) && IsOwed(receiver, e) && e.At < world.Time.Now - _patience) is { } missed)
            {
                Fail($"{missed.Kind} of {user.Name} with version {missed.Version} was never sent to {receiver.Id}.");
            }
        }
    }

    private void Look(Receiver receiver, User user, ReceivedEvent told)
    {
        if (owed.Find(user, told.Version) is not { } expected || !Says(told, expected))
        {
            Fail($"{receiver.Id} is told {told}, which is not what happened.");
            return;
        }

        if (!Lets(receiver.Filter, expected) || IsLongErased(receiver, expected))
        {
            Fail($"{receiver.Id} is told {told.Id}, for which it does not ask.");
        }

        var latest = _latest.GetValueOrDefault((receiver, user));
        if (_told.Add((receiver, expected)) && told.Version < latest && !IsPassedByErasure(expected, latest))
        {
            Fail($"{receiver.Id} is told {told.Id} for the first time after {latest}.");
        }

        _latest[(receiver, user)] = Math.Max(latest, told.Version);
    }

    /// <summary>A message that was on its way when its user was erased may come later than the one that tells of the erasure, and is dropped for not being newer.</summary>
    private bool IsPassedByErasure(OwedEvent e, long latest) =>
        owed.Of(e.User).Any(one => one.Kind == UserEventKind.Erased && one.Version > e.Version && one.Version <= latest);

    private static bool Says(ReceivedEvent told, OwedEvent expected)
    {
        var (user, records) = (expected.User, expected.After);
        if (told.Id != $"{user.Name}/{expected.Version}" || told.Type != $"presence.{Word(expected.Kind)}")
        {
            return false;
        }

        if (expected.Kind == UserEventKind.Erased)
        {
            return told is { Status: null, Conversations: null, TellsActivity: false };
        }

        return told.Status == Word(records.ViewOf(user.Key).Status) && (records.Conversations.IsEmpty || (told.Conversations is { } places && places.SequenceEqual(records.Conversations)))
            && (records.Privacy == Privacy.Default || (!told.TellsActivity && told.Time.TimeOfDay == TimeSpan.Zero));
    }

    /// <summary>Whether the receiver has to be told in the end. Once somebody begins to erase a user, nothing but that is owed to who asked for it by name.</summary>
    private static bool IsOwed(Receiver receiver, OwedEvent e) => Lets(receiver.Filter, e)
        && (e.Kind == UserEventKind.Erased || receiver.Filter.Users is null || !e.User.Operations.Exists(o => o.Kind == OperationKind.Erase));

    /// <summary>A run that began before the erasure may read as far as the clocks of instances differ.</summary>
    private bool IsLongErased(Receiver receiver, OwedEvent e) => receiver.Filter.Users is not null && e.Kind != UserEventKind.Erased
        && owed.Of(e.User).FirstOrDefault(one => one.Kind == UserEventKind.Erased) is { } erased && e.At > erased.At + world.Settings.Apart + LongestWrite;

    /// <summary>What docs/webhooks.md says of filters.</summary>
    private static bool Lets(WebhookFilter filter, OwedEvent e)
    {
        var (kind, before, after) = (e.Kind, e.Before.Conversations, e.After.Conversations);
        var moves = kind != UserEventKind.Erased && !before.ToHashSet().SetEquals(after);
        return (filter.Kinds is not { } kinds || kinds.Contains(kind) || (moves && kinds.Contains(UserEventKind.Membership)))
            && (kind == UserEventKind.Erased
                || ((filter.Users is not { } users || users.Contains(e.User.Key))
                    && (filter.Conversations is not { } places || places.Any(place => before.Contains(place) || after.Contains(place)))));
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
