using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Rules;

namespace Presence.Core.Delivery;

/// <summary>
/// The connections that must not hear news of a user although they listen to a group that is told it: those of users with whom it does not see
/// one another. A new connection of such a user stands in its records first, and listens only <see cref="ListensAfter"/> later; and whoever has
/// looked them up tells the news within <see cref="KnownFor"/>. So each of them is found, or does not listen yet.
/// </summary>
internal sealed class HiddenListeners(IPresenceStore store, RosterReader rosters, IOptions<PresenceOptions> options)
{
    /// <summary>For so long it is good to know them: that is more than a call of the service takes.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(2);

    /// <summary>So long after it stands in the records a new connection begins to listen.</summary>
    public static readonly TimeSpan ListensAfter = TimeSpan.FromSeconds(2.5);

    /// <summary>The most that one message leaves out: their ids travel in its URL.</summary>
    public const int Most = 150;

    /// <summary>The connections: two requests at most for each shard in which such users are, and one for each conversation that is blocked.</summary>
    /// <param name="user">Whose news it is.</param>
    /// <param name="relations">What the application has said of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="conversations">
    /// Where it is told. Where there are more connections than go into one message, only those of users who may listen there, or watch, are found.
    /// </param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<IReadOnlyList<string>> OfAsync(
        PresenceKey user, Relations relations, IReadOnlyCollection<string> conversations, CancellationToken cancellationToken)
    {
        HashSet<PresenceKey> hidden = [.. relations.Blocks.Select(block => block.Other)];
        foreach (var conversation in relations.BlockedConversations)
        {
            var roster = await rosters.ReadFreshAsync(conversation, cancellationToken);
            hidden.UnionWith(roster.Members.Select(member => PresenceKey.Parse(member.UserId)));
        }

        foreach (var conversation in relations.Guarded)
        {
            hidden.UnionWith(await store.BlockersAsync(conversation, cancellationToken));
        }

        hidden.Remove(user);
        var records = (await store.ReadManyAsync(hidden, (_, _) => true, cancellationToken)).Values;
        return Connections(records) is var all && all.Count <= Most ? all : Connections(records.Where(MayListen));

        bool MayListen(StoredUser other)
        {
            var own = VisibilityRules.ConversationsOf(other.Records, options.Value);
            return options.Value.Visibility == Visibility.Everybody || relations.SeenBy.Contains(other.User)
                || conversations.Concat(relations.SeenIn).Any(own.Contains);
        }
    }

    private static IReadOnlyList<string> Connections(IEnumerable<StoredUser> users) =>
        [.. users.SelectMany(one => one.Records.Connections.Open).Select(connection => connection.Id)];
}
