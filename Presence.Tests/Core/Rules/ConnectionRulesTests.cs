using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class ConnectionRulesTests
{
    [Fact]
    public void TheEndOfOneOfTwoConnectionsTurnsNobodyAwayWhichIsForTheSweepToSay()
    {
        var story = new Story();
        story.IsActive();
        story.Connects();
        story.Connects("another");

        var decision = story.Passes(story.Options.AwayAfter + Seconds(1)).Disconnects();

        Assert.Equal((PresenceStatus.Online, false), (decision.Records.Status, decision.IsNews));
        Assert.Equal(PresenceStatus.Away, story.IsSwept().Records.Status);
    }

    [Fact]
    public void AConnectionBringsTheUserOnlineAndIsWelcomedOnceThatIsKept()
    {
        var story = new Story();
        var watched = System.Collections.Immutable.ImmutableArray.Create(Bob);

        var decision = story.Happens(new Connected(Connection, story.Now, Watching: watched));

        Assert.True(decision.IsNews);
        Assert.True(story.Online.Connections.IsOpen(Connection));
        var owed = decision.Owes!;
        Assert.True(owed.IsWelcome);
        Assert.Equal([Connection], owed.Connections);
        Assert.Equal(["lobby"], owed.Entered);
        Assert.Equal(watched, owed.Watched);
        Assert.Equal(["lobby"], owed.News!.Conversations);
    }

    [Fact]
    public void AFurtherConnectionIsWelcomedAndIsNoNews()
    {
        var story = new Story();
        story.Connects();

        var decision = story.Passes(Seconds(1)).Connects(OtherConnection);

        Assert.Equal((true, false), (decision.Owes!.IsWelcome, decision.IsNews));
        Assert.Equal([OtherConnection], decision.Owes.Connections);
    }

    [Fact]
    public void ARepeatedConnectionChangesNothing()
    {
        var story = new Story();
        story.Connects();

        Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(1)).Connects().Outcome);
    }

    [Fact]
    public void AConnectionKnownToBeClosedDoesNotOpenAgain()
    {
        var story = new Story();
        story.IsActive();
        story.Disconnects();

        var late = story.Passes(Seconds(1)).Connects();

        Assert.Equal(Outcome.Unchanged, late.Outcome);
        Assert.False(story.Online.Connections.IsOpen(Connection));
    }

    [Fact]
    public void ARepeatedDisconnectChangesNothing()
    {
        var story = new Story();
        story.Connects();
        story.Disconnects();
        var due = story.Online.DueAt;

        Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(1)).Disconnects().Outcome);
        Assert.Equal(due, story.Online.DueAt);
    }

    [Fact]
    public void AnUnknownDisconnectIsNoLeaving()
    {
        var story = new Story();
        story.IsActive();

        var decision = story.Disconnects("never-seen");

        Assert.False(decision.IsNews);
        Assert.Null(story.Online.LastClosedAt);
        Assert.Equal(Start + story.Options.OfflineAfter, story.Online.DueAt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ADisconnectTakesNobodyAwayWhomTimeAloneWillWhichIsForTheSweepToSay(bool isLeaving)
    {
        var story = new Story();
        story.IsActive();
        if (isLeaving)
        {
            story.Connects();
            story.Disconnects();
        }

        var decision = story.Passes(story.Options.OfflineAfter + Seconds(1)).Disconnects("never-seen");

        Assert.Equal((false, PresenceStatus.Online), (decision.IsNews, story.Status));
        Assert.True(story.Online.DueAt < story.Now);
        Assert.Equal(PresenceStatus.Offline, story.IsSwept().Records.Status);
    }

    [Fact]
    public void ADisconnectOfAUserNobodyKnowsIsHarmless() => Assert.Equal(Outcome.Unchanged, new Story().Disconnects().Outcome);

    [Fact]
    public void WithAnotherConnectionOpenAClosedOneIsNoLeaving()
    {
        var story = new Story();
        story.Connects();
        story.Connects(OtherConnection);

        story.Disconnects();

        Assert.Null(story.Online.LastClosedAt);
        Assert.Equal(DateTimeOffset.MaxValue, Deadlines.OfflineAt(story.Online, story.Options));
    }

    [Fact]
    public void TheLastConnectionClosedLeavesTheUserForTheGrace()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(30)).Disconnects();
        var closed = story.Now;

        Assert.Equal(closed + story.Options.DisconnectGrace, story.Online.DueAt);
        Assert.Equal(Outcome.Unchanged, story.Passes(story.Options.DisconnectGrace - Seconds(0.001)).IsSwept().Outcome);
        Assert.True(story.Passes(Seconds(0.001)).IsSwept().IsNews);
        Assert.Equal((Start, closed), (story.Profile.LastSeenAt, story.Profile.LeftAt));
    }

    [Fact]
    public void AReloadWithinTheGraceIsNoNews()
    {
        var story = new Story();
        story.Connects();
        var version = story.Version;
        story.Passes(Seconds(30)).Disconnects();

        var decision = story.Passes(Seconds(2)).Connects(OtherConnection);

        Assert.Equal((Outcome.Applied, false, version), (decision.Outcome, decision.IsNews, story.Version));
        Assert.Null(story.Online.LastClosedAt);
    }

    [Fact]
    public void WithoutGraceTheLastConnectionClosedTakesTheUserOfflineAtOnce()
    {
        var story = new Story(o => o.DisconnectGrace = TimeSpan.Zero);
        story.Connects();

        var decision = story.Passes(Seconds(30)).Disconnects();

        Assert.Equal((true, PresenceStatus.Offline), (decision.IsNews, story.Status));
        Assert.Equal((Start, story.Now), (story.Profile.LastSeenAt, story.Profile.LeftAt));
    }

    [Fact]
    public void AConnectionClosedBySettingTheUserOfflineIsNotCountedWhenItComesBack()
    {
        var story = new Story();
        story.Connects();
        Assert.Equal([Connection], story.Passes(Seconds(1)).Happens(new SetByAdministrator(IsOnline: false)).Closes);

        story.Passes(Seconds(1)).IsActive();

        Assert.Empty(story.Online.Connections.Open);
        Assert.Equal(story.Now + story.Options.OfflineAfter, Deadlines.OfflineAt(story.Online, story.Options));
    }

    [Fact]
    public void AConnectionClosedBySigningOutDoesNotBringTheUserBackByARepeatedEvent()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(1)).SignsOut();

        Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(1)).Connects().Outcome);
        Assert.Equal(PresenceStatus.Offline, story.Status);
    }

    [Fact]
    public void TheEndOfAConnectionThatSigningOutClosedChangesNothing()
    {
        var story = new Story();
        story.Connects();
        story.SignsOut();

        Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(1)).Disconnects().Outcome);
    }

    [Fact]
    public void AConnectionWhoseEndIsHeardOfWhileTheUserIsGoneDoesNotOpenLater()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        var decision = story.Passes(Seconds(1)).Disconnects();

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.IsNews));
        Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(1)).Connects().Outcome);
        Assert.Equal(PresenceStatus.Offline, story.Status);
    }

    [Fact]
    public void ClosedConnectionsAreForgottenInTime()
    {
        var story = new Story();
        story.Connects();
        story.Connects(OtherConnection);
        story.Disconnects();

        story.Passes(story.Options.ConnectionCheckAfter + Seconds(1)).IsActive();

        Assert.Empty(story.Online.Connections.Closed);
    }

    [Fact]
    public void TheNumberOfConnectionsIsBounded()
    {
        var story = new Story();
        for (var i = 0; i <= ConnectionSet.MaxOpen; i++)
        {
            story.Connects($"c{i}");
        }

        Assert.Equal(ConnectionSet.MaxOpen, story.Online.Connections.Open.Length);
        Assert.False(story.Online.Connections.IsOpen("c0"));
        for (var i = 1; i <= ConnectionSet.MaxClosed + 1; i++)
        {
            story.Disconnects($"c{i}");
        }

        Assert.Equal(ConnectionSet.MaxClosed, story.Online.Connections.Closed.Length);
    }
}
