using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>Here is not active.</summary>
public class ConnectingRulesTests
{
    [Fact]
    public void ConnectingWhileOnlineIsNoActivity()
    {
        var story = new Story();
        story.Connects();
        var (due, version) = (story.Online.DueAt, story.Version);

        var decision = story.Passes(Seconds(200)).Connects(OtherConnection, activeAt: story.Now);

        Assert.Equal((Outcome.Applied, false, version), (decision.Outcome, decision.IsNews, story.Version));
        Assert.Equal((PresenceStatus.Online, Start, Start), (story.Status, story.Online.LastActiveAt, story.Online.RecordedAt));
        Assert.Equal(due, story.Online.DueAt);
    }

    [Fact]
    public void ConnectingWhileAwayLeavesTheUserAway()
    {
        var story = new Story();
        story.Connects();
        story.IsSweptWhenDue();

        var decision = story.Passes(Seconds(1)).Connects(OtherConnection, activeAt: story.Now);

        Assert.Equal((false, PresenceStatus.Away, Start), (decision.IsNews, story.Status, story.Online.LastActiveAt));
        Assert.True(story.Online.Connections.IsOpen(OtherConnection));
    }

    [Fact]
    public void OneWhoIsAwayAndWhoseSocketDropsForAMomentIsStillAway()
    {
        var story = new Story();
        story.Connects();
        story.IsSweptWhenDue();
        story.Passes(Seconds(30)).Disconnects();

        var decision = story.Passes(Seconds(2)).Connects(OtherConnection);

        Assert.Equal((false, PresenceStatus.Away, Start), (decision.IsNews, story.Status, story.Online.LastActiveAt));
        Assert.Null(story.Online.LastClosedAt);
        Assert.Equal(Outcome.Unchanged, story.Passes(story.Options.DisconnectGrace).IsSwept().Outcome);
    }

    [Fact]
    public void ConnectingInsideTheGraceEndsLeavingAndIsNoActivity()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(100)).Disconnects();

        var decision = story.Passes(story.Options.DisconnectGrace - Seconds(0.001)).Connects(OtherConnection);

        Assert.False(decision.IsNews);
        Assert.Null(story.Online.LastClosedAt);
        Assert.Equal((Start, Start + story.Options.AwayAfter), (story.Online.LastActiveAt, story.Online.DueAt));
    }

    [Fact]
    public void ConnectingAfterTheGraceAndBeforeTheSweepKeepsTheUser()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(100)).Disconnects();

        var decision = story.Passes(story.Options.DisconnectGrace + Seconds(5)).Connects(OtherConnection);

        Assert.Equal((false, PresenceStatus.Online, Start), (decision.IsNews, story.Status, story.Online.LastActiveAt));
        Assert.Equal(DateTimeOffset.MaxValue, Deadlines.OfflineAt(story.Online, story.Options));
    }

    [Fact]
    public void ASecondDeviceForASecondDoesNotPutOffTurningAway()
    {
        var story = new Story();
        story.Connects();
        story.Passes(story.Options.AwayAfter - Seconds(2)).Connects(OtherConnection);
        story.Passes(Seconds(1)).Disconnects(OtherConnection);

        story.Passes(Seconds(1)).IsSwept();

        Assert.Equal(PresenceStatus.Away, story.Status);
    }

    [Fact]
    public void OneWhomTheSweepWasAboutToTurnAwayIsNotTurnedAwayByConnecting()
    {
        var story = new Story();
        story.Connects();

        var decision = story.Passes(story.Options.AwayAfter + Seconds(1)).Connects(OtherConnection);

        Assert.Equal((false, PresenceStatus.Online), (decision.IsNews, story.Status));
        Assert.True(story.IsSwept().IsNews);
        Assert.Equal(PresenceStatus.Away, story.Status);
    }

    [Fact]
    public void ConnectingWhileOfflineWithoutFurtherWordIsActivityNow()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        story.Passes(Seconds(50)).Connects();

        Assert.Equal((PresenceStatus.Online, story.Now), (story.Status, story.Online.LastActiveAt));
    }

    [Fact]
    public void ConnectingWhileOfflineTellsWhenTheUserWasActive()
    {
        var story = new Story();
        var activeAt = story.Now - Seconds(100);

        story.Connects(activeAt: activeAt);

        Assert.Equal((PresenceStatus.Online, activeAt, Start), (story.Status, story.Online.LastActiveAt, story.Online.Since));
        Assert.Equal(activeAt + story.Options.AwayAfter, story.Online.DueAt);
    }

    [Fact]
    public void OneWhoConnectsAfterLongInactivityIsHereAndAwayAtOnce()
    {
        var story = new Story();

        var decision = story.Connects(activeAt: story.Now - story.Options.AwayAfter);

        Assert.Equal((true, PresenceStatus.Away), (decision.IsNews, story.Status));
        Assert.Equal(PresenceStatus.Away, decision.Owes!.News!.View.Status);
        Assert.True(decision.Owes.IsWelcome);
    }

    [Fact]
    public void AnActivityInTheFutureCountsAsNow()
    {
        var story = new Story();

        story.Connects(activeAt: story.Now + Seconds(1));

        Assert.Equal(Start, story.Online.LastActiveAt);
    }

    [Fact]
    public void AnActivityBeforeAllThatCanBeKeptIsKeptAsTheEarliest()
    {
        var story = new Story();

        story.Connects(activeAt: DateTimeOffset.MinValue);

        Assert.Equal(DateTimeOffset.UnixEpoch, story.Online.LastActiveAt);
    }

    [Fact]
    public void AnActivityEarlierThanTheLastSeenIsTheLastSeen()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        story.Passes(Seconds(10)).Connects(activeAt: Start - Seconds(1));

        Assert.Equal(Start, story.Online.LastActiveAt);
    }

    [Fact]
    public void TheFirstCallAfterConnectingWithAnOldActivityIsRecorded()
    {
        var story = new Story();
        story.Connects(activeAt: story.Now - story.Options.RecordWindow);

        Assert.Equal(Outcome.Applied, story.IsActive().Outcome);
    }
}
