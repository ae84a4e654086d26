using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;
using Presence.Core.Rules;

namespace Presence.Core.Delivery;

/// <summary>News that is not for all who listen, or for some alone. It goes by itself: no two users are hidden from the same.</summary>
internal sealed class RestrictedMessages(
    Sender sender, IRealtimeService realtime, ServiceGate gate, IPresenceStore store, RosterReader rosters, HiddenListeners hidden, PresenceMetrics metrics, IOptions<PresenceOptions> options,
    TimeProvider time)
{
    private const int CallsAtOnce = 16;

    /// <summary>Whether news is to be told here.</summary>
    public static bool Concerns(Transition news) => news.IsForSome || news.FarewellIn is not null || news.Relations.AreRestricting;

    /// <summary>Tells it. Ends when the service has accepted it.</summary>
    /// <exception cref="RealtimeUnavailableException">The service is out of reach, or refuses.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="OperationCanceledException">It took so long that somebody may listen by now who must not.</exception>
    public async Task TellAsync(Transition news)
    {
        await (news.Only is { } other ? TellOneAsync(other, news)
            : news.OnlyMembersOf is { } conversation ? TellMembersAsync(conversation, news)
            : TellOthersAsync(news));
        metrics.Announced(time.GetUtcNow() - news.DecidedAt);
    }

    /// <summary>
    /// Whether it may learn when the user was last active, its own records say. That the user is here it is told as things stand when it is told: the two
    /// may be kept from each other again, or the user may have gone.
    /// </summary>
    private async Task TellOneAsync(PresenceKey other, Transition news)
    {
        var hearing = options.Value.LastSeenCanBeHidden || news.View.IsOnline ? (await store.LoadAsync(other, CancellationToken.None)).Records : default;
        if (news.View.IsOnline)
        {
            var told = (await store.LoadAsync(news.User, CancellationToken.None)).Records;

            // What the records of the other say of a block between the two may still be to be ended.
            if (!VisibilityRules.MayLook(other, hearing, told, options.Value) || VisibilityRules.BlockOf(told, other) is not null
                || VisibilityRules.BlocksOneOf(hearing, told, options.Value))
            {
                return;
            }

            news = AsItStands(news, told);
        }

        await TellUserAsync(other, hearing.Privacy, news, CancellationToken.None);
    }

    private Task TellOthersAsync(Transition news)
    {
        var now = time.GetUtcNow();
        var messages = Announcements.For([news], options.Value, now);
        return TellButHiddenAsync(news, news.FarewellIn is { } conversation
            ? [.. Announcements.ForGroup(GroupName.Watching(news.User, conversation), [Gone(news)], options.Value, now), .. messages]
            : messages);

        static PresenceView Gone(Transition news) => VisibilityRules.Unknown(news.User) with { Version = news.FarewellVersion };
    }

    /// <summary>
    /// Those who must not hear it are left out. Where they have more connections than go into one message, these are closed that may listen, and come
    /// back. A call that begins too late, by an instance that stood still meanwhile, is not made.
    /// </summary>
    private async Task TellButHiddenAsync(Transition news, IReadOnlyList<Announcement> messages)
    {
        IReadOnlyList<string> conversations =
            [.. news.Conversations, .. news.Large, .. news.FarewellIn is { } farewell ? [farewell] : Array.Empty<string>()];
        HashSet<string> closed = [];
        while (true)
        {
            using var limit = new TimeLimit(HiddenListeners.KnownFor, time);
            var found = await hidden.OfAsync(news.User, news.Relations, conversations, limit.Token);
            IReadOnlyList<string> excluded = [.. found.Where(connection => !closed.Contains(connection))];
            if (excluded.Count <= HiddenListeners.Most)
            {
                await Task.WhenAll(messages.Select(message => sender.SendExceptAsync(message, excluded, limit)));
                return;
            }

            IReadOnlyList<string> surplus = [.. excluded.Skip(HiddenListeners.Most)];
            closed.UnionWith(surplus);
            await Parallel.ForEachAsync(
                surplus,
                new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce },
                async (connection, token) => await gate.CallAsync(t => realtime.CloseConnectionAsync(connection, t), token));
        }
    }

    /// <summary>
    /// Whoever may know the user, and does not see it, or sees it again, because of this conversation alone. By now the user may have blocked it again: then
    /// nobody is told that it is here.
    /// </summary>
    private async Task TellMembersAsync(string conversationId, Transition news)
    {
        var roster = await rosters.ReadFreshAsync(conversationId, CancellationToken.None);
        var members = await store.ReadManyAsync([.. roster.Members.Select(m => PresenceKey.Parse(m.UserId))], (_, _) => true, CancellationToken.None);
        var told = (await store.LoadAsync(news.User, CancellationToken.None)).Records;
        if (news.View.IsOnline && told.Relations.BlockedConversations.Contains(conversationId))
        {
            return;
        }

        news = news.View.IsOnline ? AsItStands(news, told) : news;

        var without = told.With(record => record with
        {
            Relations = record.Relations with { BlockedConversations = record.Relations.BlockedConversations.Remove(conversationId) },
        });
        await Parallel.ForEachAsync(
            members.Where(member => member.Key != news.User
                && VisibilityRules.MayKnow(member.Key, member.Value.Records, told, options.Value)
                && VisibilityRules.BlockOf(member.Value.Records, news.User) is null
                && !VisibilityRules.BlocksOneOf(member.Value.Records, without, options.Value)),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce },
            async (member, token) => await TellUserAsync(member.Key, member.Value.Records.Privacy, news, token));
    }

    private static Transition AsItStands(Transition news, UserRecords now) =>
        now.Version > news.View.Version ? news with { View = now.ViewOf(news.User) } : news;

    private Task TellUserAsync(PresenceKey user, Privacy privacy, Transition news, CancellationToken cancellationToken)
    {
        var view = news.View.At(time.GetUtcNow());
        view = VisibilityRules.IsUntimed(privacy, options.Value) ? view.Untimed() : view;
        return sender.SendAsync(new Announcement(ClientMethod.UserStatus, view, User: user), cancellationToken);
    }
}
