using System.Collections.Immutable;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>What every rule decides from, and the ways in which a decision can end.</summary>
/// <param name="User">Whose presence it is.</param>
/// <param name="Before">The records as loaded.</param>
/// <param name="Now">The time of the decision, in whole milliseconds.</param>
/// <param name="Options">The settings.</param>
internal readonly record struct Situation(PresenceKey User, UserRecords Before, DateTimeOffset Now, PresenceOptions Options)
{
    /// <summary>
    /// How others see the user, where that is not what <see cref="Before"/> says: an activity that was held back is in it, which nobody has been told of.
    /// </summary>
    public Appearance? Shown { get; init; }

    /// <summary>Nothing changes.</summary>
    public Decision Unchanged() => new(Outcome.Unchanged, Before);

    /// <summary>Nothing changes, for the reason given.</summary>
    public Decision Refused(Outcome reason, Duty? owes = null) => new(reason, Before, owes);

    /// <summary>The records become those given; this is no news.</summary>
    public static Decision Becomes(UserRecords after, Duty? owes = null) => new(Outcome.Applied, after, owes);

    /// <summary>The records become those given; this is news to those given, under a version of its own.</summary>
    public Decision IsNews(UserRecords after, ImmutableArray<string> conversations, Duty? owes = null)
    {
        if (Before.Appearance == Appearance.Offline && after.IsDisguised && after.Privacy == Before.Privacy)
        {
            // Whatever one does whom nobody is to see is no news.
            return Becomes(after.WithVersion(Before.Version), owes);
        }

        var version = NextVersion(Before.Revision, Now, after.Privacy);
        after = after.WithVersion(version);
        return new(Outcome.Applied, after, (owes ?? new Duty()) with { News = Tell(after, conversations, Before.IsWatched || after.IsWatched) });
    }

    /// <summary>The user is here, as the record given says.</summary>
    public Decision Stays(OnlineRecord online, Duty? owes = null)
    {
        online = ChoiceRules.InForce(this, online);
        online = online with
        {
            Connections = online.Connections.ForgetClosedBefore(Now - Options.ConnectionCheckAfter),
            DueAt = Deadlines.DueAt(online, Options),
        };
        var after = Before with { Online = online };
        owes = ChoiceRules.ToldToOneself(Before, after, owes);
        return after.Appearance != (Shown ?? Before.Appearance) || after.Privacy != Before.Privacy ? IsNews(after, [.. after.Rosters.Union(Before.Rosters)], owes)
            : online != Before.Online || owes is not null ? Becomes(after, owes)
            : Unchanged();
    }

    /// <summary>What others are told of the user as the records are.</summary>
    public Transition Tell(UserRecords records, ImmutableArray<string> conversations, bool isWatched) =>
        new(User, records.ViewOf(User), conversations, isWatched, Now) { Relations = records.Relations };

    /// <summary>The records become those given; one other alone is told, under a version of its own: the one given, where nothing has had it yet.</summary>
    public Decision IsNewsTo(PresenceKey other, UserRecords after, PresenceView view, long version = 0) =>
        IsNewsTo(after, view, news => news with { Only = other }, owes: null, version);

    /// <summary>The records become those given; the members of one conversation alone are told, under a version of its own.</summary>
    public Decision IsNewsToMembersOf(string conversationId, UserRecords after, PresenceView view, Duty? owes) =>
        IsNewsTo(after, view, news => news with { OnlyMembersOf = conversationId }, owes);

    /// <summary>
    /// The records become those given. Those who watch the user because they are in a conversation are told that it is gone, and all who may see it, some of
    /// whom are among them, that it is here, under a version more.
    /// </summary>
    public Decision IsFarewell(string conversationId, UserRecords after)
    {
        var decision = IsNews(after, after.Rosters);
        var news = decision.Owes!.News!;
        var version = news.View.Version + 1;
        return decision with
        {
            Records = decision.Records.WithVersion(version),
            Owes = decision.Owes with
            {
                News = news with
                {
                    View = news.View with { Version = version }, FarewellIn = conversationId, FarewellVersion = news.View.Version,
                },
            },
        };
    }

    private Decision IsNewsTo(UserRecords after, PresenceView view, Func<Transition, Transition> whom, Duty? owes, long version = 0)
    {
        version = version > Before.Revision ? version : NextVersion(Before.Revision, Now, after.Privacy);
        var news = whom(new(User, view with { Version = version }, [], IsWatched: false, Now));

        // Those told something else than the others must not take for late what they are told as others are, once they may see the user again.
        return Becomes(after.WithVersion(version + 1), (owes ?? new Duty()) with { News = news });
    }

    /// <summary>
    /// A hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014) in one number: Unix milliseconds, or one more than the
    /// last version where the clock has not passed it. Stays an exact integer in JavaScript.
    /// </summary>
    public static long NextVersion(long last, DateTimeOffset now) => Math.Max(last + 1, now.ToUnixTimeMilliseconds());

    /// <summary>
    /// The same for news. It tells when that was: of a user who does not want its last activity known exactly, only the day, by its end.
    /// </summary>
    public static long NextVersion(long last, DateTimeOffset now, Privacy privacy) =>
        NextVersion(last, privacy == Privacy.Default ? now : new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));
}
