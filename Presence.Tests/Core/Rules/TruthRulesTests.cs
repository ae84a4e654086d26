using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class TruthRulesTests
{
    private static readonly TimeSpan Sweep = Seconds(15);

    public static TheoryData<string, bool, bool> Differences => new()
    {
        { nameof(ClaimKind.ByConnection), true, false },
        { nameof(ClaimKind.ByConnection), false, true },
        { nameof(ClaimKind.Gone), true, true },
        { nameof(ClaimKind.Gone), false, false },
        { nameof(ClaimKind.ByActivity), false, false },
        { nameof(ClaimKind.ByActivity), true, false },
        { nameof(ClaimKind.Unseen), false, false },
        { nameof(ClaimKind.Unseen), true, false },
        { nameof(ClaimKind.Overdue), false, true },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void WhatIsShownIsHeldAgainstWhatTheServiceKnows(string kind, bool isConnected, bool differs) =>
        Assert.Equal(differs, TruthRules.Differs(new(Enum.Parse<ClaimKind>(kind), []), isConnected));

    [Theory]
    [InlineData(nameof(ClaimKind.ByConnection), true, true)]
    [InlineData(nameof(ClaimKind.Gone), true, true)]
    [InlineData(nameof(ClaimKind.Overdue), false, true)]
    [InlineData(nameof(ClaimKind.ByActivity), false, false)]
    [InlineData(nameof(ClaimKind.Unseen), false, false)]
    public void WhatTheServiceCannotTellIsNotJudgedUnlessASweepIsMissing(string kind, bool isAsked, bool isJudged)
    {
        var claim = new Claim(Enum.Parse<ClaimKind>(kind), []);

        Assert.Equal((isAsked, isJudged), (TruthRules.CanBeAsked(claim), TruthRules.CanBeJudged(claim)));
    }

    [Fact]
    public void WhoHasAConnectionIsShownForIt()
    {
        var claim = ClaimOf(new(Online() with { Connections = ConnectionSet.Empty.Opened("c1", Start).Opened("c2", Start) }, null));

        Assert.Equal((ClaimKind.ByConnection, "c1 c2", true), (claim.Kind, string.Join(' ', claim.Because), claim.IsHere));
    }

    [Theory]
    [InlineData(300, nameof(ClaimKind.ByActivity))]
    [InlineData(300 + 65 + 37, nameof(ClaimKind.ByActivity))]
    [InlineData(300 + 65 + 38, nameof(ClaimKind.Overdue))]
    public void WhoIsActiveIsHereUntilASweepIsMissed(int seconds, string kind) =>
        Assert.Equal(kind, ClaimOf(new(Online(), null), Start + Seconds(seconds)).Kind.ToString());

    [Fact]
    public void WhoIsInvisibleIsShownAsGoneConnectedOrNot()
    {
        var online = Online() with
        {
            Connections = ConnectionSet.Empty.Opened("c1", Start),
            Choice = new(ChosenAvailability.Invisible),
        };

        var claim = ClaimOf(new(online, null));

        Assert.Equal((ClaimKind.Unseen, false, false), (claim.Kind, claim.IsHere, TruthRules.CanBeAsked(claim)));
    }

    [Fact]
    public void WhoIsActiveAllTheTimeIsStillSuspectedForTheSameConnection()
    {
        var first = ClaimOf(new(Online() with { Connections = ConnectionSet.Empty.Opened("c1", Start) }, null));
        var later = ClaimOf(new(Online() with { LastActiveAt = Start + Seconds(60), Connections = ConnectionSet.Empty.Opened("c1", Start).Opened("c2", Start) }, null));
        var other = ClaimOf(new(Online() with { Connections = ConnectionSet.Empty.Opened("c3", Start) }, null));

        Assert.True(TruthRules.IsSame(first, later));
        Assert.False(TruthRules.IsSame(first, other));
    }

    [Fact]
    public void WhoHasComeAndGoneSinceIsNotTheSame()
    {
        var gone = ClaimOf(new(null, new() { LeftAt = Start }));

        Assert.True(TruthRules.IsSame(gone, ClaimOf(new(null, new() { LeftAt = Start, Conversations = ["a"] }))));
        Assert.False(TruthRules.IsSame(gone, ClaimOf(new(null, new() { LeftAt = Start + Seconds(1) }))));
        Assert.False(TruthRules.IsSame(gone, ClaimOf(new(Online(), null))));
        Assert.True(TruthRules.IsSame(ClaimOf(default), ClaimOf(default)));
    }

    [Fact]
    public void ADifferenceLastsOnceAGraceAndASweepAreOver() =>
        Assert.Equal(Seconds(25), TruthRules.LastsFrom(Settings(), Sweep));

    private static OnlineRecord Online() => new() { Since = Start, LastActiveAt = Start, RecordedAt = Start, Status = PresenceStatus.Online };

    private static Claim ClaimOf(UserRecords records, DateTimeOffset? now = null) => TruthRules.ClaimOf(records, now ?? Start, Settings(), Sweep);
}
