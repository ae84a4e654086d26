using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class LeavingRulesTests
{
    [Fact]
    public void SigningOutTakesTheUserOfflineAtOnceAndClosesItsConnections()
    {
        var story = new Story();
        story.Connects();
        story.Connects(OtherConnection);

        var decision = story.Passes(Seconds(3)).SignsOut();

        Assert.Equal((true, PresenceStatus.Offline), (decision.IsNews, story.Status));
        Assert.Equal((Start, story.Now, story.Now), (story.Profile.LastSeenAt, story.Profile.LeftAt, story.Profile.SignedOutAt));
        Assert.Equal([Connection, OtherConnection], decision.Closes);
        Assert.Empty(story.Records.Connections.Open);
        Assert.True(story.Records.Connections.IsClosed(Connection));
    }

    [Fact]
    public void WithoutConnectionsSigningOutClosesNone()
    {
        var story = new Story();
        story.IsActive();

        Assert.Empty(story.SignsOut().Closes);
    }

    [Fact]
    public void ThoseInTheDefaultConversationHearOfALeaving()
    {
        var story = new Story();
        story.IsActive();

        Assert.Equal(["lobby"], story.SignsOut().Owes!.News!.Conversations);
    }

    [Fact]
    public void SigningOutTwiceIsNoNewsButMovesTheMomentOfLeaving()
    {
        var story = new Story();
        story.IsActive();
        story.SignsOut();
        var version = story.Version;

        var again = story.Passes(Seconds(1)).SignsOut();

        Assert.False(again.IsNews);
        Assert.Equal((story.Now, Start, version), (story.Profile.LeftAt, story.Profile.LastSeenAt, story.Version));
        Assert.Equal(Outcome.Unchanged, story.SignsOut().Outcome);
    }

    [Fact]
    public void AnAdministratorSetsAUserOnline()
    {
        var story = new Story();

        Assert.True(story.Happens(new SetByAdministrator(IsOnline: true)).IsNews);
        Assert.False(story.Happens(new SetByAdministrator(IsOnline: true)).IsNews);
        Assert.Equal(PresenceStatus.Online, story.Status);
    }

    [Fact]
    public void AnAdministratorSetsAUserOffline()
    {
        var story = new Story();
        story.IsActive();

        Assert.True(story.Happens(new SetByAdministrator(IsOnline: false)).IsNews);
        Assert.Equal((PresenceStatus.Offline, Start), (story.Status, story.Profile.SignedOutAt));
    }

    [Fact]
    public void OneWhoLeftByItselfIsNotSignedOut()
    {
        var story = new Story();
        story.IsActive();
        story.IsSweptWhenDue();

        Assert.Null(story.Profile.SignedOutAt);
        Assert.False(story.Records.IsSignedOutSince(DateTimeOffset.MinValue));
    }

    [Fact]
    public void WithPatienceTheSweepLeavesAUserForOneWindowMore()
    {
        var story = new Story();
        story.IsActive();

        story.Passes(story.Options.OfflineAfter + Seconds(64.999)).Happens(new Due(Seconds(65)));
        Assert.Equal(PresenceStatus.Online, story.Status);
        story.Passes(Seconds(0.001)).Happens(new Due(Seconds(65)));
        Assert.Equal(PresenceStatus.Offline, story.Status);
    }

    [Fact]
    public void AUserNobodyKnowsIsNotMadeByAnAdministratorWhoSetsItOffline() =>
        Assert.Equal(Outcome.Unchanged, new Story().Happens(new SetByAdministrator(IsOnline: false)).Outcome);

    [Fact]
    public void TheSweepFreezesLastSeenAtTheLastActivity()
    {
        var story = new Story();
        story.IsActive();

        story.Passes(TimeSpan.FromHours(1)).IsSwept();

        Assert.Equal((PresenceStatus.Offline, Start), (story.Status, story.Profile.LastSeenAt));
        Assert.Equal(Outcome.Unchanged, story.IsSwept().Outcome);
    }

    [Fact]
    public void TheSweepLeavesAUserWhoIsNotDue()
    {
        var story = new Story();
        story.IsActive();

        Assert.Equal(Outcome.Unchanged, story.Passes(story.Options.OfflineAfter - Seconds(0.001)).IsSwept().Outcome);
    }
}
