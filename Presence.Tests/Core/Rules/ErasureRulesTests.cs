using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class ErasureRulesTests
{
    [Fact]
    public void OneWhoIsHereLeavesFirstUnderAVersionThatCounts()
    {
        var story = new Story();
        story.IsActive();
        var version = story.Version;

        var decision = story.Passes(Seconds(1)).Happens(Erase());

        Assert.Equal((Outcome.Applied, true, PresenceStatus.Offline), (decision.Outcome, decision.IsNews, story.Status));
        Assert.True(story.Version > version);
    }

    [Fact]
    public void OneWhoIsGoneIsForgottenWithAllItWasIn()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));
        story.Happens(new Watched());
        story.IsActive();
        story.SignsOut();

        var decision = story.Happens(Erase());

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.IsNews));
        Assert.Equal(default, story.Records);
    }

    [Fact]
    public void AUserIsNotForgottenWhileOneOfItsConnectionsIsNotClosed()
    {
        var story = new Story();
        story.Connects(Connection);
        story.Connects(OtherConnection);

        story.Happens(Erase());
        Assert.Equal(Outcome.Unchanged, story.Happens(Erase(Connection)).Outcome);
        Assert.True(story.Records.Connections.IsOpen(OtherConnection));
        story.Happens(Erase(Connection, OtherConnection));

        Assert.Equal(default, story.Records);
    }

    [Fact]
    public void OneWhomNobodyKnowsLeavesNothingBehind() =>
        Assert.Equal((Outcome.Unchanged, default), (new Story().Happens(Erase()).Outcome, new Story().Records));

    [Fact]
    public void TheEndOfAConnectionOfAForgottenUserIsNoNews()
    {
        var story = new Story();
        story.Connects();
        story.Happens(Erase());
        story.Happens(Erase(Connection));

        Assert.Equal(Outcome.Unchanged, story.Disconnects().Outcome);
        Assert.Equal(default, story.Records);
    }

    private static Erased Erase(params string[] closed) => new(closed.ToHashSet());
}
