using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class ActivityRulesTests
{
    [Fact]
    public void TheFirstActivityBringsTheUserOnline()
    {
        var story = new Story();

        var decision = story.IsActive();

        Assert.Equal((Outcome.Applied, true, PresenceStatus.Online), (decision.Outcome, decision.IsNews, story.Status));
        Assert.Equal((Start, Start, Start + story.Options.OfflineAfter), (story.Online.Since, story.Online.LastActiveAt, story.Online.DueAt));
    }

    [Fact]
    public void ActivityInsideTheWindowIsThrottledAndChangesNothing()
    {
        var story = new Story();
        story.IsActive();
        var before = story.Records;

        var decision = story.Passes(story.Options.RecordWindow - TimeSpan.FromMilliseconds(1)).IsActive();

        Assert.Equal((Outcome.Throttled, false), (decision.Outcome, decision.IsNews));
        Assert.Equal(before, story.Records);
    }

    [Fact]
    public void ActivityAtTheEndOfTheWindowIsRecordedAndIsNoNews()
    {
        var story = new Story();
        story.IsActive();
        var version = story.Version;

        var decision = story.Passes(story.Options.RecordWindow).IsActive();

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.IsNews));
        Assert.Equal((story.Now, version), (story.Online.LastActiveAt, story.Version));
    }

    [Fact]
    public void ForcedActivityIsRecordedInsideTheWindow()
    {
        var story = new Story();
        story.IsActive();

        var decision = story.Passes(Seconds(1)).Happens(new Activity(story.Now, Force: true));

        Assert.Equal((Outcome.Applied, false, story.Now), (decision.Outcome, decision.IsNews, story.Online.LastActiveAt));
    }

    [Fact]
    public void ActivityThatBeganBeforeSignOutDoesNotBringTheUserBack()
    {
        var story = new Story();
        story.IsActive();
        var began = story.Now + Seconds(1);
        story.Passes(Seconds(2)).SignsOut();

        var decision = story.Passes(Seconds(1)).Happens(new Activity(began));

        Assert.Equal((Outcome.Stale, PresenceStatus.Offline), (decision.Outcome, story.Status));
    }

    [Fact]
    public void ActivityThatBeganLessThanAMillisecondBeforeSignOutDoesNotBringTheUserBackEither()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(2)).SignsOut();

        var decision = story.Passes(Seconds(1)).Happens(new Activity(story.Profile.LeftAt!.Value + TimeSpan.FromMicroseconds(400)));

        Assert.Equal((Outcome.Stale, PresenceStatus.Offline), (decision.Outcome, story.Status));
    }

    [Fact]
    public void ActivityThatBeganAfterSignOutBringsTheUserBack()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(2)).SignsOut();

        var decision = story.Passes(Seconds(1)).IsActive();

        Assert.Equal((Outcome.Applied, true, PresenceStatus.Online), (decision.Outcome, decision.IsNews, story.Status));
    }

    [Fact]
    public void TheFirstActivityEverDoesNotOutliveASignOutThatOvertookIt()
    {
        var story = new Story();
        var began = story.Now;
        story.Passes(Seconds(1)).SignsOut();

        var decision = story.Passes(Seconds(1)).Happens(new Activity(began));

        Assert.Equal((Outcome.Stale, PresenceStatus.Offline), (decision.Outcome, story.Status));
    }

    [Fact]
    public void ActivityThatBeganBeforeTheLastConnectionClosedDoesNotKeepTheUser()
    {
        var story = new Story();
        story.Connects();
        var began = story.Now + Seconds(1);
        story.Passes(Seconds(2)).Disconnects();

        var decision = story.Passes(Seconds(1)).Happens(new Activity(began));
        story.IsSweptWhenDue();

        Assert.Equal((Outcome.Stale, PresenceStatus.Offline), (decision.Outcome, story.Status));
    }

    [Fact]
    public void ActivityDuringTheGraceKeepsTheUserWhateverTheWindow()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(2)).Disconnects();

        var decision = story.Passes(Seconds(1)).IsActive();

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.IsNews));
        Assert.Null(story.Online.LastClosedAt);
        Assert.Equal(story.Now + story.Options.OfflineAfter, story.Online.DueAt);
    }

    [Fact]
    public void AClockThatWasSetBackSilencesNobodyWhoIsHere()
    {
        var story = new Story();
        story.IsActive();

        var decision = story.Passes(TimeSpan.FromHours(-1)).IsActive();

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.IsNews));
        Assert.Equal((story.Now, story.Now), (story.Online.LastActiveAt, story.Online.RecordedAt));
        Assert.Equal(story.Now + story.Options.OfflineAfter, story.Online.DueAt);
    }

    [Fact]
    public void AClockThatWasSetBackSilencesNobodyWhoHasLeft()
    {
        var story = new Story();
        story.IsActive();
        story.SignsOut();

        story.Passes(TimeSpan.FromHours(-1)).IsActive();

        Assert.Equal((PresenceStatus.Online, story.Now), (story.Status, story.Online.LastActiveAt));
    }

    [Fact]
    public void AClockThatWasSetBackSilencesNobodyWhoIsLeaving()
    {
        var story = new Story();
        story.Connects();
        story.Disconnects();

        story.Passes(TimeSpan.FromHours(-1)).IsActive();

        Assert.Null(story.Online.LastClosedAt);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(-5)]
    public void ClocksALittleApartMakeNoSecondWriteInAWindow(double seconds)
    {
        var story = new Story();
        story.IsActive();

        Assert.Equal(Outcome.Throttled, story.Passes(Seconds(seconds)).IsActive().Outcome);
        Assert.Equal(Outcome.Throttled, story.Passes(Seconds(64.999)).IsActive().Outcome);
    }

    [Fact]
    public void AClockThatRunsBehindDoesNotTakeBackTheLastActivity()
    {
        var story = new Story();
        story.IsActive();

        story.Passes(Seconds(-5)).Happens(new Activity(story.Now, Force: true));

        Assert.Equal(Start, story.Online.LastActiveAt);
    }
}
