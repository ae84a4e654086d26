using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Rules;

namespace Presence.Core.Delivery;

/// <summary>
/// Makes the groups of connections follow the record of their user. Several may do so at once, in any order: whoever has changed a group
/// reads the record afterwards and undoes what contradicts it, so that the last word is the record's.
/// </summary>
internal sealed class Memberships(
    IPresenceStore store, IRealtimeService realtime, ServiceGate gate, WatchedGroups watchedGroups, Snapshots snapshots, IMessages messages,
    IOptions<PresenceOptions> options, TimeProvider time)
{
    private const int CallsAtOnce = 8;

    /// <summary>More are of a user who is put in and taken out all the time.</summary>
    private const int MostRounds = 10;

    /// <summary>So far apart the clocks of two instances are at most.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(2);

    /// <summary>Lets connections enter and exit as is owed, and tells those that entered what they could not know.</summary>
    /// <exception cref="RealtimeUnavailableException">The service is out of reach, or refuses.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task FollowAsync(PresenceKey user, Duty duty, TimeLimit limit) =>
        FollowAsync(
            user, duty, new(duty.IsUntimed, duty.IsRestricted), duty.Entered, duty.Exited, duty.Connections, isFirst: true, limit);

    /// <summary>
    /// The same, later: the record may say something else by now, and whoever tried before may have changed a group and not undone what
    /// contradicts it. So every group concerned is put right, for every connection.
    /// </summary>
    /// <inheritdoc cref="FollowAsync(PresenceKey, Duty, TimeLimit)" path="/exception"/>
    public Task FollowAgainAsync(PresenceKey user, Duty duty, UserRecords now, TimeLimit limit)
    {
        ImmutableArray<string> concerned = [.. duty.Entered.Union(duty.Exited)];

        // Whom the application lets it see again by now stays.
        duty = duty with { Unwatched = duty.Unwatched.RemoveAll(now.Relations.Sees.Contains) };
        return FollowAsync(
            user, duty, ListeningOf(now), [.. concerned.Intersect(now.ListensTo)], [.. concerned.Except(now.ListensTo)], OpenOf(now), isFirst: false, limit);
    }

    private async Task FollowAsync(
        PresenceKey user, Duty duty, Listening listening, ImmutableArray<string> entering, ImmutableArray<string> exiting,
        ImmutableArray<string> connections, bool isFirst, TimeLimit limit)
    {
        var waits = listening.IsRestricted && !connections.IsEmpty && !(entering.IsEmpty && duty.Watched.IsEmpty)
            && (duty.IsWelcome || await AreSomeNewAsync(user, connections, limit));
        HashSet<string> entered = [];
        HashSet<string> told = [.. duty.Connections];
        for (var round = 1; round <= MostRounds; round++)
        {
            // What is not to be heard any more does not wait for what is to be heard. That it is so is told before the record is read: if that says
            // something else by now, the snapshot comes after.
            await ExitAsync(user, exiting, limit);
            await (connections.All(duty.GivingWay.Contains) ? Task.CompletedTask : TellLeftAsync(user, exiting, limit));
            await (waits ? Task.Delay(HiddenListeners.ListensAfter, time, limit.Token) : Task.CompletedTask);
            await (round == 1 ? WatchAsync(user, duty, limit) : Task.CompletedTask);
            await EnterAsync(entering.Select(GroupName.Conversation).Select(listening.GroupOf), connections, limit);
            if (!entering.IsEmpty)
            {
                entered.UnionWith(entering);
                told.UnionWith(connections);
            }

            // Taken before the record is read, which then says what of it these connections may still be told.
            var (snapshot, isNamedByAll) = entered.Count > 0 || duty.IsWelcome
                ? await snapshots.TakeAsync(user, [.. entered.Order(StringComparer.Ordinal)], duty.Watched, listening.IsLimited, limit.Token)
                : (null, false);
            if (isFirst && duty.IsWelcome && isNamedByAll && entered.Count > 0 && exiting.IsEmpty)
            {
                // Whoever takes a user out tells the roster before the service. What names the user was read after the connection came in: so
                // whoever takes it out takes this connection out as well, and the record need not be asked.
                await TellAsync(duty.Connections, snapshot!, limit);
                return;
            }

            var now = (await store.LoadAsync(user, limit.Token)).Records;
            var before = connections;
            (entering, exiting) = ([.. exiting.Intersect(now.ListensTo)], [.. entering.Except(now.ListensTo)]);
            if (entering.IsEmpty && exiting.IsEmpty)
            {
                if (!duty.IsWelcome)
                {
                    await watchedGroups.FollowAsync(user, now, [.. entered.Intersect(now.ListensTo)], call => gate.CallAsync(call, limit), limit.Token);
                }

                await (snapshot is null ? Task.CompletedTask : TellAsync(duty, snapshot, now, told, limit));
                return;
            }

            // All connections of the user have just left; those opened meanwhile too.
            (connections, isFirst, listening) = (OpenOf(now), false, ListeningOf(now));
            waits = listening.IsRestricted && !entering.IsEmpty && AreSomeNew(now, [.. connections.Except(before)]);
        }

        throw new StoreUnavailableException($"The conversations of one user change too fast: gave up after {MostRounds} rounds.");
    }

    private async Task ExitAsync(PresenceKey user, ImmutableArray<string> conversations, TimeLimit limit)
    {
        foreach (var group in conversations.Select(GroupName.Conversation).SelectMany(group => Announcements.Listening(group, options.Value)))
        {
            await gate.CallAsync(token => realtime.ExitGroupAsync(user, group, token), limit);
        }
    }

    /// <summary>Connections that were there before are found by everybody who tells news, and may listen at once.</summary>
    private async Task<bool> AreSomeNewAsync(PresenceKey user, ImmutableArray<string> connections, TimeLimit limit) =>
        AreSomeNew((await store.LoadAsync(user, limit.Token)).Records, connections);

    private bool AreSomeNew(UserRecords records, ImmutableArray<string> connections)
    {
        var since = time.GetUtcNow() - HiddenListeners.ListensAfter - ClocksDiffer;
        return records.Connections.Open.Any(c => c.At > since && connections.Contains(c.Id));
    }

    /// <summary>Whoever starts to listen, or was out of a group for a moment, has missed what was said before.</summary>
    private async Task TellAsync(
        Duty duty, Snapshot snapshot, UserRecords now, HashSet<string> listening, TimeLimit limit)
    {
        snapshot = snapshot with { Conversations = [.. snapshot.Conversations.Where(c => now.ListensTo.Contains(c.ConversationId))] };
        var open = OpenOf(now).Where(listening.Contains);
        foreach (var connection in snapshot.Conversations.IsEmpty ? open.Intersect(duty.IsWelcome ? duty.Connections : []) : open)
        {
            var its = duty.Connections.Contains(connection) ? snapshot : snapshot with { Users = [] };
            await TellAsync([connection], its, limit);
        }
    }

    /// <summary>Tells all connections of the user at once. Those that have just been closed come back and find out by themselves.</summary>
    private async Task TellLeftAsync(PresenceKey user, ImmutableArray<string> conversations, TimeLimit limit)
    {
        foreach (var conversation in conversations)
        {
            await messages.TellAsync(new Announcement(ClientMethod.Left, new LeftMessage(conversation), User: user), limit.Token);
        }
    }

    private async Task TellAsync(ImmutableArray<string> connections, Snapshot snapshot, TimeLimit limit)
    {
        foreach (var connection in connections)
        {
            await messages.TellAsync(new Announcement(ClientMethod.Snapshot, snapshot, ConnectionId: connection), limit.Token);
        }
    }

    /// <summary>Puts new connections into the groups of those whom they watch, and takes all of the user's out of those of whom it may not hear any more.</summary>
    private async Task WatchAsync(PresenceKey user, Duty duty, TimeLimit limit)
    {
        foreach (var group in duty.Unwatched.Select(GroupName.AllowedTo).SelectMany(group => Announcements.Listening(group, options.Value)))
        {
            await gate.CallAsync(token => realtime.ExitGroupAsync(user, group, token), limit);
        }

        if (!duty.Watched.IsEmpty)
        {
            await watchedGroups.WelcomeAsync(user, duty.Connections, duty.Watched, call => gate.CallAsync(call, limit), limit.Token);
        }
    }

    private static ImmutableArray<string> OpenOf(UserRecords records) => [.. records.Connections.Open.Select(c => c.Id)];

    /// <summary>None is given up for another that fails: it may be the one that finds out that the service answers again.</summary>
    private Task EnterAsync(IEnumerable<string> groups, ImmutableArray<string> connections, TimeLimit limit) =>
        Parallel.ForEachAsync(
            groups.SelectMany(group => connections.Select(connection => (connection, group))),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = limit.Token },
            async (pair, _) => await gate.CallAsync(token => realtime.EnterGroupAsync(pair.connection, pair.group, token), limit));

    private Listening ListeningOf(UserRecords records) => new(VisibilityRules.IsUntimed(records.Privacy, options.Value), records.Relations.AreRestricting);

    /// <summary>What a user may hear.</summary>
    /// <param name="IsUntimed">Nothing of when others were last active.</param>
    /// <param name="IsRestricted">Not of all who are in the same conversations.</param>
    private readonly record struct Listening(bool IsUntimed, bool IsRestricted)
    {
        public bool IsLimited => IsUntimed || IsRestricted;

        public string GroupOf(string group) => IsUntimed ? GroupName.Untimed(group) : group;
    }
}
