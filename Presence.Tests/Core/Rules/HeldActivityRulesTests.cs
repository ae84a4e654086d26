using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class HeldActivityRulesTests
{
    [Fact]
    public void WhatWasHeldBackBecomesTheLastActivityAndIsNoNews()
    {
        var story = new Story();
        story.IsActive();

        var decision = story.Passes(Seconds(130)).IsHeard(Start + Seconds(50));

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.IsNews));
        Assert.Equal(Start + Seconds(50), story.Online.LastActiveAt);
        Assert.Equal(Start + Seconds(50) + story.Options.OfflineAfter, story.Online.DueAt);
    }

    [Fact]
    public void WritingItOpensAWindow()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(130)).IsHeard(Start + Seconds(50));

        Assert.Equal(Outcome.Throttled, story.Passes(Seconds(64.999)).IsActive().Outcome);
        Assert.Equal(Outcome.Applied, story.Passes(Seconds(0.001)).IsActive().Outcome);
    }

    [Theory]
    [InlineData(0.999, Outcome.Unchanged)]
    [InlineData(1, Outcome.Applied)]
    public void ItIsWrittenOnlyIfItIsLaterByASecond(double seconds, Outcome outcome)
    {
        var story = new Story();
        story.IsActive();

        Assert.Equal(outcome, story.Passes(Seconds(130)).IsHeard(Start + Seconds(seconds)).Outcome);
    }

    [Fact]
    public void ItTakesNobodyAwayWhichIsForTheSweepToSay()
    {
        var story = new Story();
        story.IsActive();

        var decision = story.Passes(story.Options.OfflineAfter + Seconds(60)).IsHeard(Start + Seconds(50));

        Assert.Equal((PresenceStatus.Online, false), (decision.Records.Status, decision.IsNews));
        Assert.True(story.Online.DueAt < story.Now);
    }

    [Fact]
    public void ItIsNotLaterThanNow()
    {
        var story = new Story();
        story.IsActive();

        story.Passes(Seconds(130)).IsHeard(story.Now + Seconds(30));

        Assert.Equal(story.Now, story.Online.LastActiveAt);
    }

    [Fact]
    public void ItGoesAlongWithTheEndOfAConnection()
    {
        var story = new Story();
        story.Connects();

        story.Passes(Seconds(60)).Happens(new Disconnected(Connection), held: Start + Seconds(50));

        Assert.Equal((Start + Seconds(50), Start, story.Now), (story.Online.LastActiveAt, story.Online.RecordedAt, story.Online.LastClosedAt));
    }

    [Fact]
    public void ItGoesAlongWithASignOut()
    {
        var story = new Story();
        story.IsActive();

        var decision = story.Passes(Seconds(60)).Happens(new SignedOut(), held: Start + Seconds(50));

        Assert.Equal(Start + Seconds(50), story.Profile.LastSeenAt);
        Assert.Equal(Start + Seconds(50), decision.Owes!.News!.View.LastSeenAt);
    }

    [Fact]
    public void ItKeepsTheSweepFromTakingTheUserForGone()
    {
        var story = new Story();
        story.IsActive();

        story.Passes(story.Options.OfflineAfter).Happens(new Due(), held: Start + Seconds(50));

        Assert.Equal((PresenceStatus.Online, Start + Seconds(50)), (story.Status, story.Online.LastActiveAt));
        Assert.Equal(Start + Seconds(50) + story.Options.OfflineAfter, story.Online.DueAt);
    }

    [Fact]
    public void WhereNothingElseIsWrittenItStaysHeldBack()
    {
        var story = new Story();
        story.Connects();
        var before = story.Records;

        var decision = story.Passes(Seconds(60)).Happens(new Connected(Connection, Start), held: Start + Seconds(50));

        Assert.Equal((Outcome.Unchanged, before, before), (decision.Outcome, decision.Records, story.Records));
    }

    [Fact]
    public void OneTakenForAwayWhoWasActiveLatelyIsNot()
    {
        var story = new Story();
        story.Connects();
        story.IsSweptWhenDue();

        var decision = story.Passes(Seconds(10)).IsHeard(Start + Seconds(50));

        Assert.Equal((true, PresenceStatus.Online), (decision.IsNews, story.Status));
        Assert.Equal(Start + Seconds(50) + story.Options.AwayAfter, story.Online.DueAt);
    }

    [Fact]
    public void OneWhoIsAwayWithReasonStaysAway()
    {
        var story = new Story();
        story.Connects();
        story.IsSweptWhenDue();

        var decision = story.Passes(Seconds(60)).IsHeard(Start + Seconds(50));

        Assert.Equal((false, PresenceStatus.Away, Start + Seconds(50)), (decision.IsNews, story.Status, story.Online.LastActiveAt));
    }

    [Fact]
    public void OneTakenForAwayIsNotSilentlyMadeActiveByAnotherWrite()
    {
        var story = new Story();
        story.Connects();
        story.IsSweptWhenDue();

        story.Passes(Seconds(10)).Happens(new Joined(Conversation), held: Start + Seconds(50));

        Assert.Equal((PresenceStatus.Away, Start), (story.Status, story.Online.LastActiveAt));
        Assert.True(story.IsHeard(Start + Seconds(50)).IsNews);
    }

    [Fact]
    public void ItEndsLeavingIfItCameAfterTheLastConnectionClosed()
    {
        var story = new Story(o => o.DisconnectGrace = Seconds(600));
        story.Connects();
        story.Passes(Seconds(20)).Disconnects();
        var closed = story.Now;

        story.Passes(Seconds(100)).IsHeard(closed + Seconds(5));
        Assert.Equal(closed, story.Online.LastClosedAt);
        story.IsHeard(closed + Seconds(6));

        Assert.Null(story.Online.LastClosedAt);
        Assert.Equal(closed + Seconds(6) + story.Options.OfflineAfter, story.Online.DueAt);
    }

    [Fact]
    public void OfOneWhoHasLeftItCorrectsTheLastSeenUpToTheLeaving()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(60)).SignsOut();
        var (left, version) = (story.Now, story.Version);

        var decision = story.Passes(Seconds(60)).IsHeard(left + Seconds(2));

        Assert.Equal((PresenceStatus.Offline, left), (story.Status, story.Profile.LastSeenAt));
        Assert.True(story.Version > version);
        Assert.Equal(left, decision.Owes!.News!.View.LastSeenAt);
        Assert.Equal(Outcome.Unchanged, story.IsHeard(left + Seconds(3)).Outcome);
    }

    [Theory]
    [InlineData(0.999, Outcome.Unchanged)]
    [InlineData(1.0, Outcome.Applied)]
    public void OfOneWhoHasLeftItIsWrittenOnlyIfItIsLaterByASecond(double seconds, Outcome outcome)
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(60)).SignsOut();

        Assert.Equal(outcome, story.IsHeard(Start + Seconds(seconds)).Outcome);
    }

    [Fact]
    public void OfOneTakenForGoneItIsTheLastSeenEvenIfItIsTooLateToBringTheUserBack()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        var decision = story.Passes(Seconds(100)).IsHeard(Start + Seconds(60));

        Assert.Equal((true, PresenceStatus.Offline, Start + Seconds(60)), (decision.IsNews, story.Status, story.Profile.LastSeenAt));
    }

    [Fact]
    public void OneWhoIsAwayAndLeavingIsNotMadeOnlineByWhatIsLongPast()
    {
        var story = new Story();
        story.Connects();
        story.IsSweptWhenDue();
        story.Passes(Seconds(60)).Disconnects();

        story.Passes(Seconds(1)).IsHeard(Start + Seconds(50));

        Assert.Equal((PresenceStatus.Away, Start + Seconds(50)), (story.Status, story.Online.LastActiveAt));
    }

    [Fact]
    public void WhoHeardOfTheLeavingHearsOfTheCorrection()
    {
        var (inNone, inOne) = (new Story(), new Story());
        inOne.Happens(new Joined(Conversation));
        foreach (var story in new[] { inNone, inOne })
        {
            story.IsActive();
            story.Passes(Seconds(60)).SignsOut();
        }

        Assert.Equal(["lobby"], inNone.IsHeard(Start + Seconds(50)).Owes!.News!.Conversations);
        Assert.Equal([Conversation], inOne.IsHeard(Start + Seconds(50)).Owes!.News!.Conversations);
    }

    [Fact]
    public void WhoHasLeftIsNotSilentlyCorrectedByAnotherWrite()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        story.Happens(new Joined(Conversation), held: Start + Seconds(4));

        Assert.Equal(Start, story.Profile.LastSeenAt);
    }

    [Fact]
    public void ItBringsNobodyBackWhoHasSignedOut()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(10)).SignsOut();

        story.Passes(Seconds(60)).IsHeard(Start + Seconds(60));

        Assert.Equal(PresenceStatus.Offline, story.Status);
    }

    [Fact]
    public void ItBringsBackOneTakenForGoneAlthoughActive()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        var decision = story.Passes(Seconds(1)).IsHeard(Start + Seconds(60));

        Assert.Equal((true, PresenceStatus.Online, Start + Seconds(60)), (decision.IsNews, story.Status, story.Online.LastActiveAt));
        Assert.Equal(Start + Seconds(60) + story.Options.OfflineAfter, story.Online.DueAt);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(2)]
    public void ItBringsNobodyBackForLessThanClocksMayDifferAndIsTheLastSeenYet(int seconds)
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        story.IsHeard(Start + Seconds(seconds));
        Assert.Equal((PresenceStatus.Offline, Start + Seconds(seconds)), (story.Status, story.Profile.LastSeenAt));
    }

    [Fact]
    public void ALaterOneThatAnotherInstanceHasHeldBackCountsToo()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        story.IsHeard(Start + Seconds(2));
        story.IsHeard(Start + Seconds(4));

        Assert.Equal((PresenceStatus.Offline, Start + Seconds(4)), (story.Status, story.Profile.LastSeenAt));
    }

    [Fact]
    public void OfOneWhoseLastConnectionHasClosedItIsTheLastSeenEvenIfItWasLater()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(60)).Disconnects();
        var closed = story.Now;
        story.IsSweptWhenDue();

        story.IsHeard(closed + Seconds(2));

        Assert.Equal((PresenceStatus.Offline, closed + Seconds(2)), (story.Status, story.Profile.LastSeenAt));
    }

    [Fact]
    public void ItBringsNobodyBackWhoWouldBeGoneByNow()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(1000)).IsSwept();

        story.IsHeard(story.Now - story.Options.OfflineAfter);

        Assert.Equal(PresenceStatus.Offline, story.Status);
    }

    [Fact]
    public void OfAUserNobodyKnowsItMakesNoRecord()
    {
        var story = new Story();

        Assert.Equal((Outcome.Unchanged, default), (story.IsHeard(Start).Outcome, story.Records));
    }
}
