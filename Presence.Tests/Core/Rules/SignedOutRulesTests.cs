using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>Out means out.</summary>
public class SignedOutRulesTests
{
    /// <summary>Another instance may trust revoked credentials for a while.</summary>
    [Fact]
    public void RevokedCredentialsBringNobodyBackWhateverIsDoneWithThem()
    {
        var story = new Story(user: Guest);
        story.Happens(new Activity(Start, IssuedAt: Start));
        var revoked = story.Passes(Seconds(5)).Now;
        story.Happens(new SignedOut(IsRevoked: true));

        Assert.Equal(Outcome.Stale, story.Passes(Seconds(5)).Happens(new Activity(story.Now, IssuedAt: revoked)).Outcome);
        Assert.Equal(PresenceStatus.Offline, story.Status);

        // Newer ones do; the old ones stay worth nothing, while the user is here and after it has left.
        story.Happens(new Activity(story.Now, IssuedAt: story.Now));
        Assert.Equal(PresenceStatus.Online, story.Status);
        Assert.Equal(Outcome.Stale, story.Passes(Seconds(70)).Happens(new Activity(story.Now, IssuedAt: revoked)).Outcome);
        Assert.Equal((true, false), (story.Records.IsSignedOutSince(revoked), story.Records.IsSignedOutSince(revoked + Seconds(0.001))));
        story.SignsOut();
        Assert.Equal(Outcome.Stale, story.Passes(Seconds(5)).Happens(new Activity(story.Now, IssuedAt: revoked)).Outcome);
    }

    [Fact]
    public void RevokedCredentialsOfOneWhoIsOutOrUnknownBringNobodyBackEither()
    {
        var (isOut, unknown) = (new Story(user: Guest), new Story(user: Guest));
        isOut.Happens(new Activity(Start, IssuedAt: Start));
        isOut.Passes(Seconds(1)).SignsOut();
        foreach (var story in new[] { isOut, unknown })
        {
            story.Passes(Seconds(5)).Happens(new SignedOut(IsRevoked: true));

            Assert.Equal(Outcome.Stale, story.Passes(Seconds(5)).Happens(new Activity(story.Now, IssuedAt: Start)).Outcome);
        }
    }

    [Fact]
    public void AConnectionNegotiatedBeforeARevocationIsClosedEvenIfTheUserIsBack()
    {
        var story = new Story(user: Guest);
        story.Happens(new SignedOut(IsRevoked: true));
        var revoked = story.Now;
        story.Passes(Seconds(5)).Happens(new Activity(story.Now, IssuedAt: story.Now));

        var decision = story.Happens(new Connected(Connection, NegotiatedAt: revoked));

        Assert.Equal((Outcome.Stale, true), (decision.Outcome, decision.Owes!.Closes));
    }

    public static TheoryData<string> WaysOut => ["sign-out", "by hand"];

    [Theory]
    [InlineData(-1.0, true)]
    [InlineData(0.0, true)]
    [InlineData(0.001, false)]
    [InlineData(null, false)]
    public void CredentialsIssuedNoLaterThanTheSignOutDoNotNegotiate(double? issued, bool refused)
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(10)).SignsOut();

        Assert.Equal(refused, story.Records.IsSignedOutSince(issued is { } seconds ? story.Now + Seconds(seconds) : null));
    }

    [Fact]
    public void WhoNeverSignedOutNegotiatesWithAnyCredentials()
    {
        var story = new Story();

        Assert.False(story.Records.IsSignedOutSince(DateTimeOffset.MinValue));
        story.IsActive();
        Assert.False(story.Records.IsSignedOutSince(DateTimeOffset.MinValue));
    }

    [Fact]
    public void WhateverAnOldProfileSaysWhoIsHereIsNotSignedOut()
    {
        var story = new Story();
        story.SignsOut();
        var profile = story.Profile;
        story.Passes(Seconds(1)).IsActive();

        Assert.False(new UserRecords(story.Online, profile).IsSignedOutSince(Start));
    }

    [Fact]
    public void WhoIsBackIsSignedOutNoMoreByItsProfileToo()
    {
        var (active, connects) = (new Story(), new Story());
        active.SignsOut();
        connects.SignsOut();

        Assert.Null(active.Passes(Seconds(1)).IsActive().Records.Profile!.SignedOutAt);
        Assert.Null(connects.Passes(Seconds(1)).Connects().Records.Profile!.SignedOutAt);
    }

    [Theory]
    [MemberData(nameof(WaysOut))]
    public void OnceBackOldCredentialsNegotiateAgain(string way)
    {
        var story = new Story();
        story.IsActive();
        Leaves(story, way);

        Assert.True(story.Records.IsSignedOutSince(Start));
        story.Passes(Seconds(1)).IsActive();
        Assert.False(story.Records.IsSignedOutSince(Start));
        story.IsSweptWhenDue();

        // Offline again, but by itself.
        Assert.False(story.Records.IsSignedOutSince(Start));
    }

    [Theory]
    [MemberData(nameof(WaysOut))]
    public void AConnectionNegotiatedNoLaterThanThatIsClosedAndIsNoNews(string way)
    {
        var story = new Story();
        story.IsActive();
        Leaves(story, way);
        var records = story.Records;

        var decision = story.Passes(Seconds(1)).Happens(new Connected(Connection, story.Now - Seconds(1)));

        Assert.Equal((Outcome.Stale, false, PresenceStatus.Offline), (decision.Outcome, decision.IsNews, story.Status));
        Assert.True(decision.MustBeKept);
        Assert.Equal([Connection], decision.Closes);
        Assert.Equal(records, story.Records);
    }

    [Theory]
    [MemberData(nameof(WaysOut))]
    public void AConnectionNegotiatedAfterThatBringsTheUserBack(string way)
    {
        var story = new Story();
        story.IsActive();
        Leaves(story, way);

        var decision = story.Passes(Seconds(1)).Happens(new Connected(Connection, story.Now - Seconds(0.999)));

        Assert.Equal((true, PresenceStatus.Online), (decision.IsNews, story.Status));
        Assert.True(decision.Owes!.IsWelcome);
        story.Disconnects();
        story.IsSweptWhenDue();
        Assert.False(story.Records.IsSignedOutSince(Start));
    }

    [Fact]
    public void AConnectionOfWhichNobodyKnowsWhenItWasNegotiatedIsLetInUnlessTheUserIsSignedOut()
    {
        var story = new Story();

        Assert.Equal(Outcome.Applied, story.Happens(new Connected(Connection)).Outcome);
        story.SignsOut();

        Assert.Equal([OtherConnection], story.Passes(Seconds(1)).Happens(new Connected(OtherConnection)).Closes);
        Assert.Equal(PresenceStatus.Offline, story.Status);
        story.IsActive();
        Assert.Equal(Outcome.Applied, story.Happens(new Connected(OtherConnection)).Outcome);
    }

    [Fact]
    public void AConnectionOfWhichNobodyKnowsWhenItWasNegotiatedBringsBackOneWhoLeftByItself()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        Assert.Equal(Outcome.Applied, story.Happens(new Connected(Connection)).Outcome);
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(60.001, true)]
    public void ATokenForConnectingIsGoodForSixtySeconds(double seconds, bool isStale)
    {
        var story = new Story();
        story.IsActive();
        var negotiatedAt = story.Now;

        var decision = story.Passes(Seconds(seconds)).Happens(new Connected(Connection, negotiatedAt));

        Assert.Equal(isStale ? Outcome.Stale : Outcome.Applied, decision.Outcome);
        Assert.Equal(isStale ? [Connection] : [], decision.Closes);
        Assert.Equal(!isStale, story.Online.Connections.IsOpen(Connection));
    }

    [Fact]
    public void AConnectionNegotiatedByAClockThatRunsAheadIsLetIn() =>
        Assert.Equal(Outcome.Applied, new Story().Happens(new Connected(Connection, Start + Seconds(2))).Outcome);

    [Fact]
    public void AStaleConnectionOfAUserNobodyKnowsMakesNoRecord()
    {
        var story = new Story();

        var decision = story.Passes(Seconds(61)).Happens(new Connected(Connection, Start));

        Assert.Equal((Outcome.Stale, default), (decision.Outcome, story.Records));
        Assert.Equal([Connection], decision.Closes);
    }

    [Theory]
    [MemberData(nameof(WaysOut))]
    public void ACallOfTheSameOldCredentialsThatIsActivityBringsTheUserBack(string way)
    {
        var story = new Story();
        story.IsActive();
        Leaves(story, way);

        story.Passes(Seconds(1)).Happens(new Activity(story.Now, IssuedAt: Start));

        Assert.Equal(PresenceStatus.Online, story.Status);
    }

    [Fact]
    public void SettingAUserOnlineByHandEndsItsBeingSignedOut()
    {
        var story = new Story();
        story.SignsOut();

        story.Happens(new SetByAdministrator(IsOnline: true));
        story.IsSweptWhenDue();

        Assert.False(story.Records.IsSignedOutSince(Start));
    }

    [Fact]
    public void OneWhoLeftByItselfCanBeSignedOutAfterwards()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();
        var version = story.Version;

        var decision = story.Passes(Seconds(1)).Happens(new SetByAdministrator(IsOnline: false));

        Assert.Equal((false, version), (decision.IsNews, story.Version));
        Assert.True(story.Records.IsSignedOutSince(story.Now));
        Assert.Equal((Start, story.Now), (story.Profile.LastSeenAt, story.Profile.LeftAt));
    }

    [Fact]
    public void AUserNobodyKnowsWhoSignsOutIsSignedOut()
    {
        var story = new Story();
        story.SignsOut();

        Assert.True(story.Records.IsSignedOutSince(Start));
        Assert.Equal(Outcome.Stale, story.Happens(new Connected(Connection, Start)).Outcome);
    }

    private static void Leaves(Story story, string way) =>
        story.Passes(Seconds(10)).Happens(way == "sign-out" ? new SignedOut() : new SetByAdministrator(IsOnline: false));
}
