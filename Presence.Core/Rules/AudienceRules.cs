using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>
/// Who is told of a user: the conversations it is in, and those who watch it. None of this is a change of status. Joining and leaving
/// owe the same however often they are said, so that saying it again makes good what failed before.
/// </summary>
internal static class AudienceRules
{
    /// <summary>The most conversations a user may be in: a change of status is a request for each, beside the one that makes it.</summary>
    public const int MaxConversations = 50;

    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(30);

    public static Decision OnJoined(Situation situation, string conversationId, bool isGuarded)
    {
        var before = situation.Before;
        var isMember = before.Conversations.Contains(conversationId);
        if (!isMember && before.Conversations.Length >= MaxConversations)
        {
            throw new InvalidInputException("conversationId", $"would be one too many: a user is in at most {MaxConversations} conversations");
        }

        var after = isMember ? before : With(situation, before.Conversations.Add(conversationId).Sort(StringComparer.Ordinal));
        if (isGuarded && !after.Relations.Guarded.Contains(conversationId))
        {
            after = after.With(record => record with
            {
                Relations = record.Relations with { Guarded = record.Relations.Guarded.Add(conversationId), ChangedAt = situation.Now },
            });
        }

        return Moved(situation, after, entered: [conversationId], exited: []);
    }

    public static Decision OnLeft(Situation situation, string conversationId)
    {
        var before = situation.Before;
        if (before == default || before.Profile?.ErasedAt is not null)
        {
            return situation.Unchanged();
        }

        var isMember = before.Conversations.Contains(conversationId);
        return Moved(situation, isMember ? With(situation, before.Conversations.Remove(conversationId)) : before, entered: [], exited: [conversationId]);
    }

    /// <summary>
    /// A user nobody has seen yet can be watched too: an empty profile is made. It lasts while somebody keeps asking, and so says now and
    /// then that somebody does.
    /// </summary>
    public static Decision OnWatched(Situation situation) => situation.Before switch
    {
        { Online: null, Profile: { IsWatched: true, TouchedAt: { } touched } } before when situation.Now - touched >= TouchEvery =>
            Situation.Becomes(before),
        { IsWatched: true } or { Profile.ErasedAt: not null } => situation.Unchanged(),
        { Online: { } online } before => Situation.Becomes(before with { Online = online with { IsWatched = true } }),
        var before => Situation.Becomes(before with { Profile = (before.Profile ?? new ProfileRecord()) with { IsWatched = true } }),
    };

    /// <summary>
    /// News told late, to those who may still hear it: whoever has come to a conversation after the user left it never shared it with the
    /// user. What has been overtaken gives way to what holds now: who has come since never heard of that, and would take the old for new. Of an
    /// erased user nothing is known but that it is gone, and so nobody is told any more that it is here, or
    /// anywhere.
    /// </summary>
    public static Transition Late(Transition news, UserRecords now, PresenceOptions options) =>
        now.Profile?.ErasedAt is not null && (news.View.IsOnline || news.IsOfJoining) ? news with { Conversations = [], IsWatched = false }
        : now.Profile?.ErasedAt is not null || news.IsForSome ? news
        : news with
        {
            View = news.IsOfJoining ? RosterRules.ViewOf(news.User, now) : now.Version > news.View.Version ? now.ViewOf(news.User) : news.View,
            Relations = now.Relations,
            FarewellIn = news.FarewellIn is { } farewell && now.Relations.SeenIn.Contains(farewell) ? null : news.FarewellIn,
            Conversations =
            [
                .. news.Conversations.Where(c => now.Conversations.IsEmpty ? c == options.DefaultConversation : now.Conversations.Contains(c)),
            ],
        };

    /// <summary>
    /// The default conversation gives way to the first other, and returns after the last. The user's connections follow, and who is in a
    /// conversation entered is told of the user: whenever that is said if it is here, and once if it is not.
    /// </summary>
    private static Decision Moved(Situation situation, UserRecords after, ImmutableArray<string> entered, ImmutableArray<string> exited)
    {
        var before = situation.Before;
        ImmutableArray<string> connections = [.. after.Connections.Open.Select(c => c.Id)];
        entered = [.. entered.Union(after.ListensTo.Except(before.ListensTo))];
        exited = [.. exited.Union(before.ListensTo).Except(after.ListensTo)];
        ImmutableArray<string> joined =
            [.. entered.Intersect(after.Rosters).Except(after.Status == PresenceStatus.Offline ? before.Rosters : [])];
        if (joined.IsEmpty && exited.IsEmpty && connections.IsEmpty)
        {
            return after == before ? situation.Unchanged() : Situation.Becomes(after);
        }

        return Situation.Becomes(after, new Duty
        {
            News = joined.IsEmpty ? null : situation.Tell(after, joined, isWatched: false) with { View = RosterRules.ViewOf(situation.User, after), IsOfJoining = true },
            Connections = connections,
            Entered = connections.IsEmpty ? [] : entered,
            Exited = exited,

            // What these watch is not known here: they come back, and watch those whom they may still see.
            GivingWay = exited.IsEmpty || situation.Options.Visibility == Visibility.Everybody ? [] : [.. after.Connections.Watching],
            IsUntimed = VisibilityRules.IsUntimed(after.Privacy, situation.Options),
            IsRestricted = after.Relations.AreRestricting,
        });
    }

    /// <summary>The records with these conversations. Who sees the user, and whom it sees, may be others by that.</summary>
    private static UserRecords With(Situation situation, ImmutableArray<string> conversations)
    {
        var before = situation.Before;
        var relations = before.Relations with
        {
            Guarded = before.Relations.Guarded.RemoveAll(c => !conversations.Contains(c)), ChangedAt = situation.Now,
        };
        return before switch
        {
            { Online: { } online } => before with { Online = online with { Conversations = conversations, Relations = relations } },
            { Profile: { ErasedAt: { } erasedAt } erased } => new(null, new ProfileRecord
            {
                BannedUntil = erased.BannedUntil, LeftAt = erasedAt, SignedOutAt = erasedAt, Conversations = conversations,
                Relations = Relations.None with { ChangedAt = situation.Now },
            }),
            _ => before with { Profile = (before.Profile ?? new ProfileRecord()) with { Conversations = conversations, Relations = relations } },
        };
    }
}
