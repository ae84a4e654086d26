using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Rosters;
using Presence.Core.Rules;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>What Bob sees of Alice, who is here.</summary>
public class VisibilityRulesTests
{
    private static readonly PresenceView Unknown = default(UserRecords).ViewOf(Alice);

    private static readonly Block Blocked = new(Alice, Start - Seconds(60), 7);

    public enum Sees
    {
        All,
        Nothing,
        ThatSheLeft,
    }

    public static TheoryData<string, Sees, Sees> Cases => new()
    {
        { "in no conversation, as both", Sees.All, Sees.All },
        { "in one conversation", Sees.All, Sees.All },
        { "in other conversations", Sees.Nothing, Sees.All },
        { "he in one, she in none", Sees.Nothing, Sees.All },
        { "allowed", Sees.All, Sees.All },
        { "allowed the other way round", Sees.Nothing, Sees.All },
        { "allowed to his conversation", Sees.All, Sees.All },
        { "allowed to another conversation", Sees.Nothing, Sees.All },
        { "blocked in one conversation", Sees.ThatSheLeft, Sees.ThatSheLeft },
        { "blocked and never seen", Sees.Nothing, Sees.ThatSheLeft },
        { "blocked and allowed", Sees.ThatSheLeft, Sees.ThatSheLeft },
        { "blocked by her alone so far", Sees.Nothing, Sees.Nothing },
        { "his conversation blocked by her", Sees.Nothing, Sees.Nothing },
        { "her conversation blocked by him", Sees.Nothing, Sees.Nothing },
        { "hidden", Sees.Nothing, Sees.Nothing },
        { "hidden and allowed", Sees.Nothing, Sees.Nothing },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void OnePlaceDecides(string situation, Sees byConversations, Sees byAll)
    {
        var (bob, alice) = Records(situation);
        foreach (var (visibility, expected) in new[] { (Visibility.Conversations, byConversations), (Visibility.Everybody, byAll) })
        {
            var options = Settings(o => o.Visibility = visibility);

            var view = VisibilityRules.View(Bob, bob, Alice, alice, options);

            var all = alice.ViewOf(Alice);
            Assert.Equal(
                expected switch
                {
                    Sees.All => all,
                    Sees.Nothing => Unknown,
                    _ => Unknown with { LastActiveAt = Blocked.LastSeenAt, LastSeenAt = Blocked.LastSeenAt, Version = Blocked.Version },
                },
                view);
            Assert.Equal(expected == Sees.All, VisibilityRules.IsSeen(Bob, bob, Alice, alice, options));
        }
    }

    [Fact]
    public void WithoutADefaultConversationWhoeverIsInNoneSeesNobody()
    {
        var alice = Here();

        Assert.Equal(Unknown, VisibilityRules.View(Bob, default, Alice, alice, Settings(o => o.DefaultConversation = "")));
        Assert.Equal(alice.ViewOf(Alice), VisibilityRules.View(Bob, default, Alice, alice, Settings()));
    }

    [Fact]
    public void EverybodySeesItself()
    {
        var alice = Here() with { };
        alice = alice.With(r => r with { Relations = new() { Blocks = [new(Alice, null, 0)], BlockedConversations = ["a"] }, Conversations = ["a"] });

        Assert.Equal(alice.ViewOf(Alice), VisibilityRules.View(Alice, alice, Alice, alice, Settings()));
    }

    [Theory]
    [InlineData(LastSeenPrecision.Exact, LastSeenPrecision.Exact, true)]
    [InlineData(LastSeenPrecision.Exact, LastSeenPrecision.Coarse, false)]
    [InlineData(LastSeenPrecision.Exact, LastSeenPrecision.Nobody, false)]
    [InlineData(LastSeenPrecision.Coarse, LastSeenPrecision.Exact, true)]
    [InlineData(LastSeenPrecision.Nobody, LastSeenPrecision.Exact, false)]
    [InlineData(LastSeenPrecision.Nobody, LastSeenPrecision.Coarse, false)]
    public void WhoeverShowsNoLastSeenSeesNone(LastSeenPrecision his, LastSeenPrecision hers, bool isExact)
    {
        var bob = new UserRecords(null, new ProfileRecord { Privacy = new(LastSeen: his) });
        var gone = new UserRecords(null, new ProfileRecord { LastSeenAt = Start, Version = 1, Privacy = new(LastSeen: hers) });

        var view = VisibilityRules.View(Bob, bob, Alice, gone, Settings(o => o.LastSeenCanBeHidden = true)).At(Start);

        Assert.Equal(isExact ? Start : null, view.LastActiveAt);
        Assert.Equal(isExact ? Start : null, view.LastSeenAt);
        Assert.Equal(hers == LastSeenPrecision.Coarse && his != LastSeenPrecision.Nobody ? LastSeen.Recently : null, view.LastSeen);
    }

    [Fact]
    public void ARosterSaysOfEachWhatALookUpDoesAndCountsByThat()
    {
        var members = Users(5);
        var here = Here().With(r => r with { Conversations = ["a"] });
        var roster = new Roster("a",
        [
            .. members.Append(Bob).Select(user => here.ViewOf(user) with { HiddenFrom = user == members[2] ? "x|b" : null }).OrderBy(v => v.UserId, StringComparer.Ordinal).Select(v => new RosterMember(v, Start)),
        ]);
        var bob = new UserRecords(null, new ProfileRecord { Conversations = ["a", "b"], Relations = new() { Blocks = [Blocked with { Other = members[0] }] } });

        var seen = VisibilityRules.RosterOf(Bob, bob, roster, id => id == members[1].ToString(), Settings(), Start);

        Assert.Equal(roster.Members.Select(m => m.UserId), seen.Members.Select(m => m.UserId));
        Assert.Equal(["bob", "user-4", "user-5"], seen.Members.Where(m => m.IsOnline).Select(m => m.UserId));
        Assert.Equal(new Occupancy(6, 3, 0), seen.Occupancy);
        Assert.Equal(Blocked.LastSeenAt, seen.Members.Single(m => m.UserId == "user-1").LastSeenAt);
        Assert.All(seen.Members, m => Assert.Null(m.HiddenFrom));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void WhoIsSeenNoMoreOrAgainThoughNothingIsWrittenMakesAllOfTheRosterNew(bool isBlockedLater)
    {
        var bob = new UserRecords(null, new ProfileRecord { Conversations = ["a"], Relations = new() { BlockedConversations = ["b"] } });
        var roster = new Roster("a", [new(Here().ViewOf(Alice), Start), new(Here().ViewOf(Bob), Start + Seconds(10))]);

        Assert.True(RosterChanges.Since(Seen(isBlockedLater), Seen(!isBlockedLater).Version)!.IsComplete);
        Assert.Null(RosterChanges.Since(Seen(isBlockedLater), Seen(isBlockedLater).Version));

        Roster Seen(bool isBlocked) => VisibilityRules.RosterOf(Bob, bob, roster, id => isBlocked && id == Alice.ToString(), Settings(), Start);
    }

    [Fact]
    public void WhoIsToldNoTimesAnyMoreIsToldAllOfTheRosterAnew()
    {
        var roster = new Roster("a", [new(Here().ViewOf(Alice), Start), new(Here().ViewOf(Bob), Start + Seconds(10))]);

        Assert.True(RosterChanges.Since(Seen(LastSeenPrecision.Nobody), Seen(LastSeenPrecision.Exact).Version)!.IsComplete);
        Assert.Equal(roster.Version, Seen(LastSeenPrecision.Exact).Version);

        Roster Seen(LastSeenPrecision precision) => VisibilityRules.RosterOf(
            Bob,
            new(null, new ProfileRecord { Conversations = ["a"], Privacy = new(LastSeen: precision), Relations = new() { ChangedAt = Start + Seconds(20) } }),
            roster,
            _ => false,
            Settings(o => o.LastSeenCanBeHidden = true),
            Start);
    }

    [Fact]
    public void WhatAHiddenMemberDoesMakesNoOtherVersionOfTheRoster()
    {
        var bob = new UserRecords(null, new ProfileRecord { Conversations = ["a"], Relations = new() { Blocks = [Blocked], ChangedAt = Start } });
        var before = Seen(Start + Seconds(60), version: 5);
        var after = Seen(Start + Seconds(90), version: 6);

        Assert.Equal(before.Version, after.Version);
        Assert.Null(RosterChanges.Since(after, before.Version));

        Roster Seen(DateTimeOffset writtenAt, long version) => VisibilityRules.RosterOf(
            Bob,
            bob,
            new("a", [new(Here().ViewOf(Alice) with { Version = version }, writtenAt), new(Here().ViewOf(Bob), Start + Seconds(10))]),
            _ => false,
            Settings(),
            writtenAt);
    }

    [Fact]
    public void WhoeverMaySeeMoreOrLessIsToldAllOfTheRosterOnce()
    {
        var roster = new Roster("a", [new(Here().ViewOf(Alice), Start), new(Here().ViewOf(Bob), Start)]);
        var (before, after) = (Seen(Privacy.Default, null), Seen(new(LastSeen: LastSeenPrecision.Nobody), Start + Seconds(1)));

        var changes = RosterChanges.Since(after, before.Version);

        Assert.True(changes!.IsComplete);
        Assert.Null(RosterChanges.Since(after, after.Version));

        Roster Seen(Privacy privacy, DateTimeOffset? changedAt) => VisibilityRules.RosterOf(
            Bob, new(null, new ProfileRecord { Privacy = privacy, Relations = new() { ChangedAt = changedAt } }), roster, _ => false, Settings(), Start);
    }

    [Fact]
    public void ALargeConversationCountsTheSameForEverybody()
    {
        var roster = new Roster("a", [new(Here().ViewOf(Alice), Start), new(Here().ViewOf(Bob), Start)]) { IsLarge = true };
        var bob = new UserRecords(null, new ProfileRecord { Relations = new() { Blocks = [Blocked] } });

        var seen = VisibilityRules.RosterOf(Bob, bob, roster, _ => false, Settings(), Start);

        Assert.Equal((new Occupancy(2, 2, 0), false), (seen.Occupancy, seen.Members[0].IsOnline));
    }

    [Fact]
    public void WhereOnlyThoseAreNamedWhoAreHereTheyAreLeftOut()
    {
        var roster = new Roster("lobby", [new(Here().ViewOf(Alice), Start), new(Here().ViewOf(Bob), Start)]);
        var bob = new UserRecords(null, new ProfileRecord { Relations = new() { Blocks = [Blocked] } });

        Assert.Equal(["bob"], VisibilityRules.RosterOf(Bob, bob, roster, _ => false, Settings(), Start).Members.Select(m => m.UserId));
    }

    private static UserRecords Here() => new(new() { Since = Start, LastActiveAt = Start, RecordedAt = Start, Status = PresenceStatus.Online, Version = 5 }, null);

    private static (UserRecords Bob, UserRecords Alice) Records(string situation)
    {
        var (his, hers) = (new Relations(), new Relations());
        var (bobIn, aliceIn, privacy) = ("a", "b", Privacy.Default);
        switch (situation)
        {
            case "in no conversation, as both":
                (bobIn, aliceIn) = ("", "");
                break;
            case "in one conversation":
                aliceIn = "a|c";
                break;
            case "in other conversations":
                break;
            case "he in one, she in none":
                aliceIn = "";
                break;
            case "allowed":
                hers = hers with { SeenBy = [Bob] };
                break;
            case "allowed the other way round":
                his = his with { SeenBy = [Alice] };
                break;
            case "allowed to his conversation":
                hers = hers with { SeenIn = ["a"] };
                break;
            case "allowed to another conversation":
                hers = hers with { SeenIn = ["c"] };
                break;
            case "blocked in one conversation":
                (aliceIn, his, hers) = ("a", his with { Blocks = [Blocked] }, hers with { Blocks = [new(Bob, null, 0)] });
                break;
            case "blocked and never seen":
                (his, hers) = (his with { Blocks = [Blocked] }, hers with { Blocks = [new(Bob, null, 0)] });
                break;
            case "blocked and allowed":
                (his, hers) = (his with { Blocks = [Blocked] }, hers with { Blocks = [new(Bob, null, 0)], SeenBy = [Bob] });
                break;
            case "blocked by her alone so far":
                (aliceIn, hers) = ("a", hers with { Blocks = [new(Bob, null, 0)] });
                break;
            case "his conversation blocked by her":
                (bobIn, aliceIn, hers) = ("a|c", "a", hers with { BlockedConversations = ["c"] });
                break;
            case "her conversation blocked by him":
                (bobIn, aliceIn, his) = ("a", "a|c", his with { BlockedConversations = ["c"] });
                break;
            case "hidden":
                (aliceIn, privacy) = ("a", new(IsHidden: true));
                break;
            case "hidden and allowed":
                (hers, privacy) = (hers with { SeenBy = [Bob] }, new(IsHidden: true));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(situation), situation, "no such case");
        }

        return (
            new(null, new ProfileRecord { Conversations = In(bobIn), Relations = his }),
            Here().With(r => r with { Conversations = In(aliceIn), Relations = hers, Privacy = privacy }));

        static System.Collections.Immutable.ImmutableArray<string> In(string text) => text.Length == 0 ? [] : [.. text.Split('|')];
    }
}
