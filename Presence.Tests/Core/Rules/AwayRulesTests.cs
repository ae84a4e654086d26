using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class AwayRulesTests
{
    [Fact]
    public void AConnectedUserWithoutActivityTurnsAwayAndStays()
    {
        var story = new Story(o => o.ConnectionCheckAfter = TimeSpan.FromDays(1));
        story.Connects();

        Assert.Equal(Start + story.Options.AwayAfter, story.Online.DueAt);
        Assert.True(story.IsSweptWhenDue().IsNews);
        Assert.Equal(PresenceStatus.Away, story.Status);
        Assert.Equal(Outcome.Unchanged, story.Passes(TimeSpan.FromHours(20)).IsSwept().Outcome);
    }

    [Fact]
    public void ActivityOfAUserWhoIsAwayIsNeverThrottled()
    {
        var story = new Story(o => o.AwayAfter = Seconds(2));
        story.Connects();
        story.IsSweptWhenDue();

        var decision = story.IsActive();

        Assert.Equal((Outcome.Applied, true, PresenceStatus.Online), (decision.Outcome, decision.IsNews, story.Status));
    }

    [Fact]
    public void WithPatienceAUserTurnsAwayOneWindowLater()
    {
        var story = new Story();
        story.Connects();

        story.Passes(story.Options.AwayAfter + Seconds(64.999)).Happens(new Due(Seconds(65)));
        Assert.Equal(PresenceStatus.Online, story.Status);
        story.Passes(Seconds(0.001)).Happens(new Due(Seconds(65)));
        Assert.Equal(PresenceStatus.Away, story.Status);
    }

    [Fact]
    public void AUserWithoutConnectionIsNeverAway()
    {
        var story = new Story(o => o.AwayAfter = Seconds(30));
        story.IsActive();

        Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(31)).IsSwept().Outcome);
        story.IsSweptWhenDue();

        Assert.Equal(PresenceStatus.Offline, story.Status);
    }

    [Fact]
    public void AUserWhoWasAwayGoesOfflineWithTheLastConnection()
    {
        var story = new Story();
        story.Connects();
        story.IsSweptWhenDue();
        story.Passes(Seconds(10)).Disconnects();

        story.IsSweptWhenDue();

        Assert.Equal((PresenceStatus.Offline, Start), (story.Status, story.Profile.LastSeenAt));
    }
}
