using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class SituationTests
{
    [Fact]
    public void WhatIsOwedIsKeptEvenIfNothingElseChanges()
    {
        var story = new Story();
        story.Connects();
        var situation = new Situation(Alice, story.Records, story.Now, story.Options);
        var owed = new Duty { Connections = [Connection], IsWelcome = true };

        var decision = situation.Stays(story.Online, owed);

        Assert.True(decision.MustBeKept);
        Assert.Same(owed, decision.Owes);
        Assert.Equal(story.Records, decision.Records);
    }

    [Fact]
    public void WhereNothingChangesAndNothingIsOwedNothingIsKept()
    {
        var story = new Story();
        story.Connects();

        Assert.False(new Situation(Alice, story.Records, story.Now, story.Options).Stays(story.Online).MustBeKept);
    }
}
