using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>Who is told of a user: the conversations it is in, and those who watch it. None of this is a change of status.</summary>
internal static class Audience
{
    /// <summary>The most conversations a user may be in: a change of status rewrites one roster row for each in one transaction.</summary>
    public const int MaxConversations = 50;

    public static Decision OnJoined(UserRecords before, string conversationId) =>
        before.Conversations.Contains(conversationId) ? PresenceRules.Unchanged(before)
        : before.Conversations.Length >= MaxConversations
            ? throw new InvalidInputException("conversationId", $"would be one too many: a user is in at most {MaxConversations} conversations")
            : With(before, before.Conversations.Add(conversationId).Sort(StringComparer.Ordinal));

    public static Decision OnLeft(UserRecords before, string conversationId) =>
        before.Conversations.Contains(conversationId)
            ? With(before, before.Conversations.Remove(conversationId))
            : PresenceRules.Unchanged(before);

    /// <summary>A user nobody has seen yet can be watched too: an empty profile is made.</summary>
    public static Decision OnWatched(UserRecords before) => before.IsWatched
        ? PresenceRules.Unchanged(before)
        : new(
            Outcome.Applied,
            before.Online is { } online
                ? before with { Online = online with { IsWatched = true } }
                : before with { Profile = (before.Profile ?? new ProfileRecord()) with { IsWatched = true } });

    private static Decision With(UserRecords before, ImmutableArray<string> conversations) => new(
        Outcome.Applied,
        before.Online is { } online
            ? before with { Online = online with { Conversations = conversations } }
            : before with { Profile = (before.Profile ?? new ProfileRecord()) with { Conversations = conversations } });
}
