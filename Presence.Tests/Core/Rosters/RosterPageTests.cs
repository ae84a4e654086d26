using Presence.Core.Domain;
using Presence.Core.Rosters;

namespace Presence.Tests.Core.Rosters;

public class RosterPageTests
{
    private static readonly Roster Before = Roster(("alice", 0), ("bob", 1), ("carol", 20));

    [Fact]
    public void APageBeginsAfterAUserAndSaysWhereTheNextDoes()
    {
        Assert.Equal(("alice bob", "bob"), Names(Page(Before, "", limit: 2)));
        Assert.Equal(("carol", null), Names(Page(Before, "bob", limit: 2)));
        Assert.Equal(("alice bob carol", null), Names(Page(Before, "", limit: 3)));
        Assert.Equal(("", null), Names(Page(Before, "carol", limit: 2)));
    }

    [Fact]
    public void PagesOfOneRosterGiveItsVersionOnTheLast()
    {
        var first = Page(Before, "", limit: 1)!;
        var second = Page(Before, first.NextAfter!, limit: 1, before: first)!;
        var last = Page(Before, second.NextAfter!, limit: 1, before: second)!;

        Assert.Equal(Before.Version.ToString(), last.Version);
        Assert.Equal(RosterVersion.Unknown, RosterVersion.Parse(second.Version, "since"));
        Assert.Null(RosterPage.Of(Before, RosterVersion.Parse(last.Version, "since"), null, "", 1));
    }

    [Fact]
    public void WhoChangesBetweenTwoPagesIsToldNextTime()
    {
        var later = Roster(("alice", 60), ("bob", 1), ("carol", 20));
        var first = Page(Before, "", limit: 2)!;
        var last = Page(later, first.NextAfter!, limit: 2, before: first)!;

        var next = RosterPage.Of(later, RosterVersion.Parse(last.Version, "since"), null, "", 10);

        Assert.Equal((false, "alice carol"), (next!.IsComplete, Names(next).Users));
        Assert.Equal(later.Version.ToString(), next.Version);
    }

    [Fact]
    public void ALaterPageMayBeOlderThanTheFirst()
    {
        var later = Roster(("alice", 0), ("bob", 1), ("carol", 60));
        var first = Page(later, "", limit: 2)!;
        var last = Page(Before, first.NextAfter!, limit: 2, before: first)!;

        var next = RosterPage.Of(later, RosterVersion.Parse(last.Version, "since"), null, "", 10);

        Assert.Equal((false, "carol"), (next!.IsComplete, Names(next).Users));
    }

    [Fact]
    public void WhereSomebodyComesBetweenTwoPagesAllAreToldNextTime()
    {
        var later = Roster(("alice", 0), ("bob", 1), ("carol", 20), ("dan", 60));
        var first = Page(Before, "", limit: 2)!;
        var last = Page(later, first.NextAfter!, limit: 2, before: first)!;

        // Without that, whoever came with the second page and left would be there for ever.
        Assert.True(RosterPage.Of(Before, RosterVersion.Parse(last.Version, "since"), null, "", 10)!.IsComplete);
    }

    [Fact]
    public void WithoutTheVersionOfThePageBeforeThereIsNoneOfTheWhole() =>
        Assert.Equal(RosterVersion.Unknown, RosterVersion.Parse(Page(Before, "alice", limit: 10)!.Version, "since"));

    [Fact]
    public void OnlyOfTheFirstPageItIsSaidThatThereIsNothing()
    {
        Assert.Null(RosterPage.Of(Before, Before.Version, null, "", 10));

        var page = RosterPage.Of(Before, Before.Version, null, "alice", 10)!;
        Assert.Equal((false, 0), (page.IsComplete, page.Users.Count));
    }

    private static RosterPage? Page(Roster roster, string after, int limit, RosterPage? before = null) =>
        RosterPage.Of(roster, since: null, before is null ? null : RosterVersion.ParseOpen(before.Version, "version"), after, limit);

    private static (string Users, string? Next) Names(RosterPage? page) => (string.Join(' ', page!.Users.Select(u => u.UserId)), page.NextAfter);

    private static Roster Roster(params (string Id, double At)[] members) => RosterChangesTests.Roster(members);
}
