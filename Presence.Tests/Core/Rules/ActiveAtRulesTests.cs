using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>Calls that say when their user was active.</summary>
public class ActiveAtRulesTests
{
    [Fact]
    public void AnActivityHappenedWhenTheCallSays()
    {
        var story = new Story();

        var decision = story.TellsOfActivity(Start - Seconds(100));

        Assert.Equal((Outcome.Applied, PresenceStatus.Online), (decision.Outcome, story.Status));
        Assert.Equal((Start - Seconds(100), Start), (story.Online.LastActiveAt, story.Online.RecordedAt));
        Assert.Equal(Start + Seconds(200), story.Online.DueAt);
    }

    [Fact]
    public void OneInTheFutureHappenedNow()
    {
        var story = new Story();

        story.TellsOfActivity(Start + TimeSpan.FromHours(1));

        Assert.Equal(Start, story.Online.LastActiveAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-10)]
    public void OneNotLaterThanWhatIsKnownChangesNothing(int seconds)
    {
        var story = new Story();
        story.IsActive();
        var before = story.Records;

        var decision = story.Passes(Seconds(100)).TellsOfActivity(Start + Seconds(seconds));

        Assert.Equal((Outcome.Unchanged, before), (decision.Outcome, story.Records));
    }

    [Fact]
    public void OneLaterThanWhatIsKnownIsRecordedOncePerWindow()
    {
        var story = new Story();
        story.IsActive();

        Assert.Equal(Outcome.Throttled, story.Passes(Seconds(64)).TellsOfActivity(Start + Seconds(50)).Outcome);
        Assert.Equal(Outcome.Applied, story.Passes(Seconds(1)).TellsOfActivity(Start + Seconds(50)).Outcome);
        Assert.Equal((Start + Seconds(50), story.Now), (story.Online.LastActiveAt, story.Online.RecordedAt));
        Assert.Equal(Outcome.Throttled, story.Passes(Seconds(64.999)).IsActive().Outcome);
        Assert.Equal(Outcome.Applied, story.Passes(Seconds(0.001)).IsActive().Outcome);
    }

    [Fact]
    public void OneOlderThanOfflineAfterIsNone()
    {
        var story = new Story();

        Assert.Equal(Outcome.Stale, story.TellsOfActivity(Start - story.Options.OfflineAfter).Outcome);
        Assert.Equal(default, story.Records);
        Assert.Equal(Outcome.Applied, story.TellsOfActivity(Start - story.Options.OfflineAfter + Seconds(0.001)).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneThatStorageKeptWaitingIsWorthAsMuchAsWhenItsCallBegan(bool isHere)
    {
        var story = new Story();
        if (isHere)
        {
            story.IsActive();
        }

        var began = story.Passes(Seconds(299)).Now;
        var at = began - story.Options.OfflineAfter + Seconds(2);
        var decision = story.Passes(Seconds(10)).Happens(new Activity(began, at));

        Assert.Equal((Outcome.Applied, PresenceStatus.Online, at), (decision.Outcome, story.Status, story.Online.LastActiveAt));
        Assert.Equal(at + story.Options.OfflineAfter, story.Online.DueAt);
    }

    [Fact]
    public void OneFromBeforeLeavingDoesNotBringTheUserBack()
    {
        var story = new Story();
        story.IsActive();
        var active = story.Passes(Seconds(5)).Now;
        story.Passes(Seconds(5)).SignsOut();

        Assert.Equal(Outcome.Stale, story.Passes(Seconds(5)).TellsOfActivity(active).Outcome);
        Assert.Equal(PresenceStatus.Offline, story.Status);
    }

    [Fact]
    public void OneFromBeforeTheLastConnectionClosedDoesNotKeepTheUser()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(70)).Disconnects();
        var closed = story.Now;

        Assert.Equal(Outcome.Stale, story.Passes(Seconds(5)).TellsOfActivity(closed - Seconds(1)).Outcome);
        Assert.Equal(closed, story.Online.LastClosedAt);
    }

    [Fact]
    public void OneThatIsOlderThanAwayAfterLeavesTheUserAway()
    {
        var story = new Story(o => o.AwayAfter = Seconds(60));
        story.Connects();
        story.IsSweptWhenDue();

        var decision = story.Passes(Seconds(100)).TellsOfActivity(story.Now - Seconds(70));

        Assert.Equal((false, PresenceStatus.Away, story.Now - Seconds(70)), (decision.IsNews, story.Status, story.Online.LastActiveAt));
        Assert.True(story.TellsOfActivity(story.Now - Seconds(59)).IsNews);
        Assert.Equal(PresenceStatus.Online, story.Status);
    }

    [Fact]
    public void WhatWasToldLateKeepsNoLaterActivityBackUntilTheUserWouldBeGone()
    {
        var story = new Story();
        story.TellsOfActivity(Start - Seconds(290));

        var decision = story.Passes(Seconds(5)).IsActive();

        Assert.Equal((Outcome.Applied, story.Now), (decision.Outcome, story.Online.LastActiveAt));
    }

    [Fact]
    public void WhoTellsOfOldActivityBitByBitIsThrottledAllTheSame()
    {
        var story = new Story();
        story.TellsOfActivity(Start - Seconds(290));
        var written = 0;
        for (var second = 1; second <= 60; second++)
        {
            written += story.Passes(Seconds(1)).TellsOfActivity(Start - Seconds(290) + Seconds(second)).Outcome == Outcome.Applied ? 1 : 0;
        }

        Assert.Equal(0, written);
    }

    [Fact]
    public void ACallThatTellsOfLessThanIsHeldBackTellsOfThatToo()
    {
        var story = new Story();
        story.IsActive();

        var decision = story.Passes(Seconds(65)).Happens(new Activity(story.Now, Start + Seconds(40)), held: Start + Seconds(50));

        Assert.Equal((Outcome.Applied, Start + Seconds(50)), (decision.Outcome, story.Online.LastActiveAt));
    }

    [Fact]
    public void WhatIsHeldBackDoesNotBringBackOneWhoTellsOfActivityFromBeforeLeaving()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(10)).SignsOut();

        var decision = story.Passes(Seconds(60)).Happens(new Activity(story.Now, Start + Seconds(5)), held: Start + Seconds(20));

        Assert.Equal((Outcome.Stale, PresenceStatus.Offline), (decision.Outcome, story.Status));
    }
}
