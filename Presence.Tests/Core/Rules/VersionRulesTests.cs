using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class VersionRulesTests
{
    [Fact]
    public void AVersionIsTheTimeInMilliseconds()
    {
        var story = new Story();
        story.Passes(Seconds(7)).IsActive();

        Assert.Equal((Start + Seconds(7)).ToUnixTimeMilliseconds(), story.Version);
    }

    [Fact]
    public void VersionsRiseInOneMillisecondAndWithAClockThatGoesBack()
    {
        var story = new Story();
        var first = Start.ToUnixTimeMilliseconds();
        story.IsActive();
        story.SignsOut();
        Assert.Equal(first + 1, story.Version);

        story.Passes(Seconds(-30)).Happens(new SetByAdministrator(IsOnline: true));
        Assert.Equal(first + 2, story.Version);

        story.Passes(Seconds(60)).SignsOut();
        Assert.Equal((Start + Seconds(30)).ToUnixTimeMilliseconds(), story.Version);
    }

    [Fact]
    public void WhatIsNoChangeOfStatusKeepsTheVersion()
    {
        var story = new Story();
        story.Connects();
        var version = story.Version;

        story.Passes(story.Options.RecordWindow).IsActive();
        story.IsHeard(story.Passes(Seconds(3)).Now);
        story.Connects(OtherConnection);
        story.Disconnects();
        story.Happens(new Joined(Conversation));
        story.Happens(new Watched());

        Assert.Equal(version, story.Version);
    }
}
