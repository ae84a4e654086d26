using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>
/// Rosters follow the records. Each change of what they say has a revision of its own, so that they can be told late, double and in any
/// order; and it is owed to them as news is to clients.
/// </summary>
internal static class RosterRules
{
    /// <summary>The decision with what it owes to rosters.</summary>
    /// <param name="before">The records as loaded.</param>
    /// <param name="decision">What is to be kept.</param>
    /// <param name="user">Whose records.</param>
    /// <param name="now">The time of the decision.</param>
    public static Decision Follow(UserRecords before, Decision decision, PresenceKey user, DateTimeOffset now)
    {
        var after = decision.Records;
        var isNews = after.Version != before.Version || after.Status != before.Status || after.Privacy != before.Privacy
            || after.Relations.BlockedConversations != before.Relations.BlockedConversations;
        var isOfChoice = (after.Choice, after.ApplicationChoice) != (before.Choice, before.ApplicationChoice);
        var revision = !isNews && !isOfChoice && after.Rosters.SequenceEqual(before.Rosters) && !EventRules.IsOfItsOwn(before, after) ? before.Revision
            : after.Version > before.Revision ? after.Version
            : Situation.NextVersion(before.Revision, now);

        // Whoever joins what it is in already is told of again, too.
        ImmutableArray<string> named =
        [
            .. after.Rosters.Where(c => isNews || before.ToldTo(c) is null || decision.Owes?.News?.Conversations.Contains(c) == true),
        ];
        ImmutableArray<string> dropped = [.. before.Rosters.Union(decision.Owes?.Exited ?? []).Except(after.Rosters)];
        ImmutableArray<long> told = [.. after.Rosters.Select(c => named.Contains(c) ? revision : before.ToldTo(c) ?? revision)];
        told = told.All(one => one == after.Version) ? [] : told.SequenceEqual(before.Told) ? before.Told : told;
        decision = decision with { Records = after.Revised(revision, told) };
        return named.IsEmpty && dropped.IsEmpty
            ? decision
            : decision with
            {
                Owes = (decision.Owes ?? new Duty()) with
                {
                    Roster = new(revision, ViewOf(user, after), [.. named.Select(c => Place(c, isNamed: true)), .. dropped.Select(c => Place(c, isNamed: false))]),
                },
            };

        RosterPlace Place(string conversation, bool isNamed) =>
            new(conversation, isNamed, before.ToldTo(conversation) is { } last && last != revision ? last : null);
    }

    /// <summary>
    /// What a duty owes to rosters, done later: what the records say by now of the conversations concerned. Of a user who is forgotten they
    /// say that it is gone.
    /// </summary>
    public static RosterChange Late(RosterChange change, UserRecords now, PresenceKey user) => new(
        Math.Max(change.Revision, now.Revision),
        ViewOf(user, now),
        [.. change.Places.Select(place => new RosterPlace(place.ConversationId, IsNamed: now.ToldTo(place.ConversationId) is not null))]);

    /// <summary>The conversations whose rosters name the user since the change, and did not before: but for the default one, which nobody can block.</summary>
    public static IEnumerable<string> Joined(RosterChange change, PresenceOptions options) => change.Places
        .Where(place => place is { IsNamed: true, Replaces: null } && place.ConversationId != options.DefaultConversation)
        .Select(place => place.ConversationId);

    /// <summary>What a roster says of a member: whoever hides is among the members as one who was never here.</summary>
    public static PresenceView ViewOf(PresenceKey user, UserRecords records) =>
        records.Privacy.IsHidden ? VisibilityRules.Unknown(user) : records.ViewOf(user);
}
