using Presence.Core.Domain;
using Presence.Core.Rosters;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rosters;

public class RosterChangesTests
{
    private static readonly Roster Before = Roster(("alice", 0), ("bob", 1), ("carol", 20));

    [Fact]
    public void WhereNothingChangedThereIsNothingHoweverLongAgo() =>
        Assert.Null(RosterChanges.Since(Roster(("alice", 0), ("bob", 1), ("carol", 20)), Before.Version));

    [Fact]
    public void WhoChangedIsToldAlone() =>
        Assert.Equal((false, "bob carol"), Since(Roster(("alice", 0), ("bob", 3_600), ("carol", 20))));

    [Fact]
    public void WhatWasWrittenJustBeforeTheVersionIsToldAgain() =>
        Assert.Equal((false, "bob carol dan"), Since(Roster(("alice", 0), ("bob", 15), ("carol", 20), ("dan", 16))));

    [Fact]
    public void AClockThatRunsBackHidesNothing() =>
        Assert.Equal((false, "bob carol"), Since(Roster(("alice", 0), ("bob", 15.001), ("carol", 20))));

    [Fact]
    public void WhoCameIsToldAlone() =>
        Assert.Equal((false, "carol dan"), Since(Roster(("alice", 0), ("bob", 1), ("carol", 20), ("dan", 60))));

    [Fact]
    public void SeveralWhoCameAreToldAloneWhereNobodyElseChanged() =>
        Assert.Equal((false, "carol dan eve"), Since(Roster(("alice", 0), ("bob", 1), ("carol", 20), ("dan", 60), ("eve", 70))));

    [Fact]
    public void WhereSeveralCameAndOthersChangedAllAreTold() =>
        Assert.Equal((true, "alice bob carol dan eve"), Since(Roster(("alice", 0), ("bob", 65), ("carol", 20), ("dan", 60), ("eve", 70))));

    [Fact]
    public void WhereSomebodyLeftAllAreTold() =>
        Assert.Equal((true, "alice carol"), Since(Roster(("alice", 0), ("carol", 20))));

    [Fact]
    public void WhereOneCameAndAnotherLeftAllAreTold() =>
        Assert.Equal((true, "alice carol dan"), Since(Roster(("alice", 0), ("carol", 20), ("dan", 60))));

    [Fact]
    public void WhereTheLastRowIsGoneAllAreTold() =>
        Assert.Equal((true, "alice bob"), Since(Roster(("alice", 0), ("bob", 1))));

    [Fact]
    public void WhereEverybodyLeftThatIsAll() => Assert.Equal((true, ""), Since(Roster()));

    [Fact]
    public void WhereEverybodyChangedThatIsAll() =>
        Assert.Equal((true, "alice bob carol"), Since(Roster(("alice", 60), ("bob", 60), ("carol", 60))));

    [Fact]
    public void OfAVersionThatIsNotKnownAllAreTold() => Assert.Equal((true, "alice bob carol"), Since(Before, RosterVersion.Unknown));

    [Fact]
    public void OfAVersionOfTheFutureAllAreTold()
    {
        var future = Before.Version with { Contents = 1 };

        Assert.Equal((false, "carol"), Since(Before, future with { At = future.At + 5_000 }));
        Assert.Equal((true, "alice bob carol"), Since(Before, future with { At = future.At + 5_001 }));
    }

    [Fact]
    public void OfAVersionOfAnotherConversationAllAreTold() =>
        Assert.Equal((true, "alice bob carol"), Since(Before, RosterVersion.Of(Before with { ConversationId = "other" })));

    [Fact]
    public void TheFirstVersionOfARosterOfNobodyIsGoodToo()
    {
        Assert.Null(RosterChanges.Since(Roster(), Roster().Version));
        Assert.Equal((true, "alice"), Since(Roster(("alice", 1)), Roster().Version));
    }

    [Fact]
    public void WhatAReadMayHaveMissedIsToldAgain()
    {
        var slow = Roster(("alice", 0), ("bob", 10), ("carol", 20)) with { Took = Seconds(8) };

        // Bob's row was written while the read was on its way to carol's, under a time of before.
        Assert.Equal((false, "bob carol"), Since(Roster(("alice", 0), ("bob", 12), ("carol", 20)), RosterVersion.Of(slow)));
    }

    private static (bool IsComplete, string Users) Since(Roster now, Roster? before = null) => Since(now, (before ?? Before).Version);

    private static (bool IsComplete, string Users) Since(Roster now, RosterVersion since)
    {
        var changes = RosterChanges.Since(now, since);
        Assert.NotNull(changes);
        return (changes.IsComplete, Names(changes.Users));
    }

    private static string Names(IEnumerable<PresenceView> users) => string.Join(' ', users.Select(u => u.UserId));

    internal static Roster Roster(params (string Id, double At)[] members) => new(
        Conversation,
        [
            .. members.Select(m => new RosterMember(
                new() { UserId = m.Id, IsAnonymous = false, Status = PresenceStatus.Online, LastActiveAt = Start, LastSeenAt = null, Version = 1 },
                Start + Seconds(m.At))),
        ]);
}
