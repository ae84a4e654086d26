using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Rules;
using Presence.Simulation.Operations;
using Presence.Simulation.Realtime;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Nothing announced is lost: so long after a change as is promised, everybody who is to know does, by the messages of its connection
/// alone: what <see cref="VisibilityRules"/> say of the records of both. And nobody hears more than that.
/// </summary>
internal sealed class WatchersKnow(Surroundings world, Func<User, UserRecords> recordsOf) : Check
{
    private readonly TimeSpan _promise = world.Settings.Promise + world.Settings.Apart + TimeSpan.FromSeconds(2);

    public override void OnPromised() => Look(user => world.Time.Now - LastNews(user) > _promise);

    public override void OnQuiet() => Look(_ => true);

    private static TimeSpan? LastNews(User user) => user.Commits
        .LastOrDefault(c => c.IsOfSight || c.Before.Version != c.After.Version || !c.Before.Rosters.SequenceEqual(c.After.Rosters)
            || !c.Before.ListensTo.SequenceEqual(c.After.ListensTo))?.At;

    private void Look(Func<User, bool> isDue)
    {
        var due = world.Population.Users.Where(isDue).ToDictionary(user => user, recordsOf);
        foreach (var connection in world.SignalR.Connections.Where(c => c.IsOpen && c.HasSnapshot))
        {
            if (world.Time.Now - connection.OpenedAt < _promise || !due.TryGetValue(connection.User, out var own))
            {
                continue;
            }

            foreach (var (user, records) in due.Where(d => d.Key != connection.User && !MayHaveMissed(connection, d.Key) && !HasMovedUnseen(d.Key)))
            {
                var shared = records.Rosters.Intersect(own.ListensTo).ToList();
                if (IsWatched(connection, user, records) || (shared.Count > 0 && !WasGoneBefore(connection, user, shared)))
                {
                    Compare(
                        connection,
                        user,
                        VisibilityRules.View(connection.User.Key, own, user.Key, records, world.Settings.Presence).At(Time.VirtualTime.Start),
                        comparesTimes: !WereEverKeptApart(connection.User, user) && !WereEverKeptApart(user, connection.User));
                }
            }
        }
    }

    /// <summary>
    /// Of somebody who is gone and put into a conversation only those are told who are there then, and a snapshot names only those who are here: of somebody
    /// who went before both were there, what was known from earlier stays.
    /// </summary>
    private static bool WasGoneBefore(Connection connection, User user, IEnumerable<string> shared)
    {
        var last = user.Commits.LastOrDefault(c => c.Before.Version != c.After.Version);
        return last is null || (last.After.Status == PresenceStatus.Offline && (HasMovedSince(user, last.At)
            || shared.All(c => !HasEntered(connection, c, out var enteredAt) || enteredAt >= last.At)));
    }

    private static bool HasMovedSince(User user, TimeSpan time) =>
        user.Commits.Exists(c => c.At >= time && !c.IsOfStatus && !c.Before.Rosters.SequenceEqual(c.After.Rosters));

    private static bool HasEntered(Connection connection, string conversation, out TimeSpan at) =>
        connection.EnteredAt.TryGetValue(GroupName.Conversation(conversation), out at)
        || connection.EnteredAt.TryGetValue(GroupName.Untimed(GroupName.Conversation(conversation)), out at);

    /// <summary>
    /// Erasing a user forgets that it was watched, and whoever watches one who is erased is not remembered. Whoever may see it by what the
    /// backend has said since hears of it when it connects again.
    /// </summary>
    private bool IsWatched(Connection connection, User user, UserRecords records) => connection.Negotiation.Watched.Contains(user) && !WasErased(user)
        && (world.Settings.Presence.Visibility == Visibility.Everybody
            || world.Relations.Allow(user, connection.User).HoldsSince < connection.OpenedAt
            || records.Relations.SeenIn.Any(c => world.Relations.AllowIn(user, c).HoldsSince < connection.OpenedAt
                && world.Relations.JoinedAt(connection.User, c) < connection.OpenedAt));

    private static bool WasErased(User user) => user.Operations.Exists(o => o.Kind == OperationKind.Erase);

    private static string Text(PresenceView? view) => view is null ? "unknown" : view.Availability + (view.Text is { } text ? $" '{text}'" : "") + (view.Device is { } device ? $" on {device}" : "");

    /// <summary>
    /// Where a block comes, goes, or begins or ends to concern two by what conversations they are in, while they move or fall silent, what a client knew of the
    /// other may stay until it looks: it is told what a block changes of those who share a conversation at that moment. That it hears nothing it must not is
    /// for <see cref="BlockedHearNothing"/> to say.
    /// </summary>
    private static bool MayHaveMissed(Connection connection, User user) =>
        (WereEverKeptApart(connection.User, user) || WereEverKeptApart(user, connection.User))
        && connection.User.Commits.Concat(user.Commits).Any(c => c.At > connection.OpenedAt
            && (c.IsOfSight || !c.Before.Conversations.SequenceEqual(c.After.Conversations)));

    /// <summary>
    /// Whoever moves while nobody is to see it is told of in neither conversation: who has found it in a roster that could not be written in time keeps that
    /// until it looks.
    /// </summary>
    private static bool HasMovedUnseen(User user) => user.Commits.Exists(c =>
        c.Before is { Online: not null, Status: PresenceStatus.Offline } && !c.Before.Conversations.SequenceEqual(c.After.Conversations));

    /// <summary>To who is kept from another that one left when the call said so; what it did meanwhile is told with its next news.</summary>
    private static bool WereEverKeptApart(User one, User two) => one.Commits.Exists(c =>
        !c.After.Relations.BlockedConversations.IsEmpty || c.After.Relations.Blocks.Any(b => b.Other == two.Key));

    private void Compare(Connection connection, User user, PresenceView truth, bool comparesTimes)
    {
        var known = connection.Known.GetValueOrDefault(user.Name);
        if (known?.Version > truth.Version && world.Settings.Skew > 0 && WasErased(user))
        {
            // With an erased user its version is forgotten, and clocks that differ may give a smaller one.
            return;
        }

        if ((known?.Availability ?? Availability.Offline) != truth.Availability || known?.Text != truth.Text || known?.Device != truth.Device)
        {
            Fail($"{connection.Id} of {connection.User.Name} takes {user.Name} for {Text(known)}, who is {Text(truth)}.");
        }
        else if (known is not null && comparesTimes && (known.LastSeenAt, known.LastSeen) != (truth.LastSeenAt, truth.LastSeen) && !WasErased(user))
        {
            Fail($"{connection.Id} of {connection.User.Name} last saw {user.Name} at {known.LastSeenAt:O} {known.LastSeen}; it was {truth.LastSeenAt:O} {truth.LastSeen}.");
        }
    }
}
