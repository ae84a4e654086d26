using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class RetiringRulesTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void AGuestIsForgottenIfSeenNoLaterThanTheMomentGiven(int seconds, bool isForgotten)
    {
        var story = new Story(user: Guest);
        story.IsActive();
        story.Passes(Seconds(10)).SignsOut();

        AssertRetired(isForgotten, story, Start + Seconds(seconds));
    }

    [Fact]
    public void ARegisteredUserWhoWasSeenIsNeverForgotten()
    {
        var story = new Story();
        story.IsActive();
        story.SignsOut();

        AssertRetired(false, story, Start + TimeSpan.FromDays(3_650));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void AUserWhoWasOnlyWatchedIsForgottenIfThatWasNoLaterThanTheMomentGiven(int seconds, bool isForgotten)
    {
        var story = new Story();
        story.Happens(new Watched());

        AssertRetired(isForgotten, story, Start + Seconds(seconds));
    }

    [Fact]
    public void AUserWhoIsWatchedAgainIsRememberedLonger()
    {
        var story = new Story();
        story.Happens(new Watched());
        story.Passes(TimeSpan.FromDays(2)).Happens(new Watched());

        AssertRetired(false, story, Start + TimeSpan.FromDays(1));
    }

    [Fact]
    public void AUserWhoWasOnlySignedOutIsForgotten()
    {
        var story = new Story();
        story.SignsOut();

        AssertRetired(true, story, Start);
    }

    [Fact]
    public void AUserInAConversationIsNotForgottenThoughNobodyHasSeenIt()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));

        AssertRetired(false, story, Start);
        story.Happens(new Left(Conversation));
        AssertRetired(true, story, story.Now);
    }

    [Fact]
    public void ATombstoneIsNotForgottenWithThoseNeverSeen()
    {
        var story = new Story();
        story.Happens(new Erased());

        AssertRetired(false, story, Start + TimeSpan.FromDays(3_650));
    }

    [Fact]
    public void AUserWhoIsHereIsNotForgotten()
    {
        var story = new Story(user: Guest);
        story.IsActive();

        AssertRetired(false, story, story.Now + Seconds(1));
    }

    private static void AssertRetired(bool isForgotten, Story story, DateTimeOffset until)
    {
        // Not in the moment of its last change: the present must have passed its versions.
        story.Passes(Seconds(1));
        var before = story.Records;

        var decision = story.Happens(new Retired(until));

        Assert.Equal(isForgotten ? Outcome.Applied : Outcome.Unchanged, decision.Outcome);
        Assert.Equal(isForgotten ? default : before, story.Records);
    }
}
