using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class AudienceRulesTests
{
    [Fact]
    public void MembershipIsNoChangeOfStatusAndOutlivesIt()
    {
        var story = new Story();

        Assert.False(story.Happens(new Joined("b")).IsNews);
        story.IsActive();
        Assert.False(story.Happens(new Joined("a")).IsNews);
        story.SignsOut();

        Assert.Equal(["a", "b"], story.Records.Conversations);
    }

    [Fact]
    public void JoiningTwiceAndLeavingTwiceChangesNothing()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));

        Assert.Equal(Outcome.Unchanged, story.Happens(new Joined(Conversation)).Outcome);
        Assert.Equal(Outcome.Applied, story.Happens(new Left(Conversation)).Outcome);
        Assert.Equal(Outcome.Unchanged, story.Happens(new Left(Conversation)).Outcome);
    }

    [Fact]
    public void LeavingByAUserNobodyKnowsMakesNoRecord() =>
        Assert.Equal(Outcome.Unchanged, new Story().Happens(new Left(Conversation)).Outcome);

    [Fact]
    public void TheFiftyFirstConversationIsRefused()
    {
        var story = new Story();
        for (var i = 0; i < 50; i++)
        {
            story.Happens(new Joined($"c{i}"));
        }

        Assert.Equal(Outcome.Unchanged, story.Happens(new Joined("c0")).Outcome);
        var refusal = Assert.Throws<InvalidInputException>(() => story.Happens(new Joined("one-more")));
        Assert.Contains("50", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("conversationId", refusal.Field);
    }

    [Fact]
    public void AUserInNoConversationIsInTheDefaultOneWhileHere()
    {
        var story = new Story();
        story.IsActive();
        Assert.Equal(["lobby"], story.Records.Rosters);

        story.Happens(new Joined(Conversation));
        Assert.Equal([Conversation], story.Records.Rosters);

        story.Happens(new Left(Conversation));
        Assert.Equal(["lobby"], story.Records.Rosters);

        story.SignsOut();
        Assert.Empty(story.Records.Rosters);
    }

    [Fact]
    public void WithoutDefaultConversationAUserInNoneIsInNone()
    {
        var story = new Story(o => o.DefaultConversation = "");
        story.IsActive();

        Assert.Empty(story.Records.Rosters);
    }

    [Fact]
    public void BeingWatchedIsRememberedAlsoOfAUserNobodyKnows()
    {
        var story = new Story();

        Assert.Equal(Outcome.Applied, story.Happens(new Watched()).Outcome);
        Assert.Equal(Outcome.Unchanged, story.Happens(new Watched()).Outcome);
        story.IsActive();
        Assert.True(story.Online.IsWatched);
        Assert.Equal(Outcome.Unchanged, story.Happens(new Watched()).Outcome);
        story.SignsOut();
        Assert.True(story.Profile.IsWatched);
    }

    [Fact]
    public void BeingWatchedWhileHereIsNoChangeOfStatus()
    {
        var story = new Story();
        story.IsActive();

        var decision = story.Happens(new Watched());

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.IsNews));
    }
}
