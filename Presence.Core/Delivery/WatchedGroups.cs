using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Delivery;

/// <summary>
/// The groups by which connections hear those whom they watch. Several may change them at once: whoever has changed one reads the list of the
/// connection and the records afterwards, and puts right what contradicts them, until nothing does. So the last word is theirs.
/// </summary>
internal sealed class WatchedGroups(
    IPresenceStore store, IWatchStore lists, PresenceReader reader, IRealtimeService realtime, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>How many calls of the SignalR service are on their way at once for one connection.</summary>
    private const int CallsAtOnce = 16;

    /// <summary>More are of a list, or of rights, that change all the time.</summary>
    private const int MostRounds = 10;

    /// <summary>Makes a call of the service, within the time that its caller has.</summary>
    public delegate Task Call(Func<CancellationToken, ValueTask> call);

    /// <summary>A group, and for the sake of whom.</summary>
    public readonly record struct Watched(PresenceKey Subject, string Group);

    /// <summary>How everything stood when nothing contradicted it.</summary>
    /// <param name="Viewing">The records of the user whose connection it is.</param>
    /// <param name="Found">Those of the users asked for.</param>
    /// <param name="Began">When reading them began.</param>
    public sealed record Settled(UserRecords Viewing, IReadOnlyDictionary<PresenceKey, StoredUser> Found, DateTimeOffset Began);

    /// <summary>The groups by which a viewer hears of those of the subjects whom it may.</summary>
    public IEnumerable<Watched> GroupsOf(
        PresenceKey user, UserRecords viewing, IEnumerable<PresenceKey> subjects, IReadOnlyDictionary<PresenceKey, StoredUser> found) => subjects
        .Where(found.ContainsKey)
        .SelectMany(subject => WatchRules.GroupsOf(user, viewing, subject, found[subject].Records, options.Value), (subject, group) => new Watched(subject, group));

    /// <summary>A connection enters groups.</summary>
    /// <exception cref="RealtimeUnavailableException">The service is out of reach, or refuses.</exception>
    public Task EnterAsync(string connectionId, IEnumerable<Watched> groups, Call call, CancellationToken cancellationToken) =>
        CallEachAsync(groups, (group, token) => realtime.EnterGroupAsync(connectionId, group, token), call, cancellationToken);

    /// <summary>A connection leaves groups.</summary>
    /// <inheritdoc cref="EnterAsync" path="/exception"/>
    public Task ExitAsync(string connectionId, IEnumerable<Watched> groups, Call call, CancellationToken cancellationToken) =>
        CallEachAsync(groups, (group, token) => realtime.ExitGroupAsync(connectionId, group, token), call, cancellationToken);

    /// <summary>Puts right what a change of groups may have made wrong.</summary>
    /// <param name="user">Whose connection it is.</param>
    /// <param name="connectionId">Which.</param>
    /// <param name="asked">Users whose groups may have been entered. They are looked up in any case.</param>
    /// <param name="left">Users whose groups may have been left. They are looked up where the list names them all the same.</param>
    /// <param name="inside">The groups of all these that the connection is in, as far as is known.</param>
    /// <param name="call">Makes a call of the service.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How it stood in the end; null if the connection has no list: it has ended.</returns>
    /// <exception cref="RealtimeUnavailableException">The service is out of reach, or refuses.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach, or there is no end.</exception>
    public async Task<Settled?> SettleAsync(
        PresenceKey user, string connectionId, ImmutableArray<PresenceKey> asked, ImmutableArray<PresenceKey> left, IEnumerable<Watched> inside, Call call,
        CancellationToken cancellationToken)
    {
        HashSet<Watched> known = [.. inside];
        for (var round = 1; round <= MostRounds; round++)
        {
            var began = time.GetUtcNow();
            var viewing = (await store.LoadAsync(user, cancellationToken)).Records;
            if (await lists.FindAsync(user, connectionId, cancellationToken) is not { } list)
            {
                return null;
            }

            var again = list.Users.Intersect(left).Except(asked);
            var found = await reader.FindAsync(user, viewing, [.. asked, .. again], cancellationToken);
            HashSet<Watched> wanted = [.. GroupsOf(user, viewing, list.Users.Intersect(asked.Concat(left)), found)];
            if (wanted.SetEquals(known))
            {
                return new(viewing, found, began);
            }

            await ExitAsync(connectionId, known.Except(wanted), call, cancellationToken);
            await EnterAsync(connectionId, wanted.Except(known), call, cancellationToken);
            known = wanted;
        }

        throw new StoreUnavailableException($"What one connection watches, or may hear, changes too fast: gave up after {MostRounds} rounds.");
    }

    /// <summary>Connections that have just opened begin to hear those whom they watch.</summary>
    /// <inheritdoc cref="SettleAsync" path="/exception"/>
    public async Task WelcomeAsync(
        PresenceKey user, ImmutableArray<string> connections, ImmutableArray<PresenceKey> watched, Call call, CancellationToken cancellationToken)
    {
        var viewing = (await store.LoadAsync(user, cancellationToken)).Records;
        var seen = await store.ReadManyAsync(watched, (_, _) => true, cancellationToken);
        List<Watched> entered = [.. GroupsOf(user, viewing, watched, seen)];
        foreach (var connection in connections)
        {
            await EnterAsync(connection, entered, call, cancellationToken);
            await SettleAsync(user, connection, watched, left: [], entered, call, cancellationToken);
        }
    }

    /// <summary>
    /// The user is in further conversations: its connections hear those there whom they watch, because a large conversation does not name them.
    /// One request for each connection that watches, and a few more where it watches some of these.
    /// </summary>
    /// <inheritdoc cref="SettleAsync" path="/exception"/>
    public async Task FollowAsync(
        PresenceKey user, UserRecords now, IReadOnlyCollection<string> conversations, Call call, CancellationToken cancellationToken)
    {
        foreach (var connection in options.Value.Visibility == Visibility.Everybody || conversations.Count == 0 ? [] : now.Connections.Watching)
        {
            if (await lists.FindAsync(user, connection, cancellationToken) is not { Users.IsEmpty: false } list)
            {
                continue;
            }

            var seen = await store.ReadManyAsync(list.Users, (_, _) => true, cancellationToken);
            var groups = GroupsOf(user, now, list.Users, seen).ToLookup(one => conversations
                .SelectMany(conversation => Announcements.Listening(GroupName.Watching(one.Subject, conversation), options.Value))
                .Contains(one.Group));
            if (groups[true].Any())
            {
                await EnterAsync(connection, groups[true], call, cancellationToken);
                HashSet<PresenceKey> subjects = [.. groups[true].Select(one => one.Subject)];
                await SettleAsync(
                    user, connection, [.. subjects], left: [], groups[true].Concat(groups[false].Where(one => subjects.Contains(one.Subject))), call, cancellationToken);
            }
        }
    }

    /// <summary>None is given up for another that fails: it may be the one that finds out that the service answers again.</summary>
    private static Task CallEachAsync(
        IEnumerable<Watched> groups, Func<string, CancellationToken, ValueTask> carryOut, Call call, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            groups,
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken },
            async (one, _) => await call(token => carryOut(one.Group, token)));
}
