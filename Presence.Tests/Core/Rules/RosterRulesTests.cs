using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class RosterRulesTests
{
    [Fact]
    public void NewsIsOwedToAllRostersUnderItsVersion()
    {
        var story = new Story();
        story.Happens(new Joined("a"));
        story.Happens(new Joined("b"));

        var owed = story.Passes(Seconds(1)).IsActive().Owes!.Roster!;

        Assert.Equal((story.Version, story.Version), (owed.Revision, story.Records.Revision));
        Assert.Equal(story.Records.ViewOf(Alice), owed.View);
        Assert.Equal(["a", "b"], owed.Places.Where(p => p.IsNamed).Select(p => p.ConversationId));
    }

    [Fact]
    public void WhatIsNoNewsIsOwedToNone()
    {
        var story = new Story();
        story.Connects();
        var revision = story.Records.Revision;

        Assert.Null(story.Passes(story.Options.RecordWindow).IsActive().Owes);
        Assert.Null(story.Connects(OtherConnection).Owes!.Roster);
        Assert.Null(story.Disconnects().Owes);
        Assert.Null(story.Happens(new Watched()).Owes);
        Assert.Equal(revision, story.Records.Revision);
    }

    [Fact]
    public void JoiningIsOwedToTheRostersConcernedUnderARevisionOfItsOwn()
    {
        var story = new Story();
        story.IsActive();
        var version = story.Version;

        var owed = story.Happens(new Joined(Conversation)).Owes!.Roster!;

        Assert.Equal((version + 1, version), (owed.Revision, owed.View.Version));
        Assert.Equal([new(Conversation, IsNamed: true), new("lobby", IsNamed: false, Replaces: version)], owed.Places);
    }

    [Fact]
    public void MembershipOfOneWhoIsNotHereIsOwedToo()
    {
        var story = new Story();

        var joined = story.Happens(new Joined(Conversation)).Owes!.Roster!;
        var left = story.Happens(new Left(Conversation)).Owes!.Roster!;

        Assert.Equal(new RosterPlace(Conversation, IsNamed: true), Assert.Single(joined.Places));
        Assert.Equal(new RosterPlace(Conversation, IsNamed: false, Replaces: joined.Revision), Assert.Single(left.Places));
        Assert.True(left.Revision > joined.Revision);
        Assert.Equal(0, story.Version);
    }

    [Fact]
    public void EachRosterIsToldWhatItSaysSoFar()
    {
        var story = new Story();
        story.IsActive();
        var a = story.Passes(Seconds(1)).Happens(new Joined("a")).Owes!.Roster!.Revision;
        var b = story.Passes(Seconds(1)).Happens(new Joined("b")).Owes!.Roster!.Revision;

        var left = story.Passes(Seconds(1)).SignsOut().Owes!.Roster!;

        Assert.Equal([new("a", IsNamed: true, a), new("b", IsNamed: true, b)], left.Places);
        Assert.Equal([new("a", IsNamed: true, left.Revision), new("b", IsNamed: true, left.Revision)], story.IsActiveLater().Owes!.Roster!.Places);
    }

    [Fact]
    public void JoiningAgainTellsTheRosterAgain()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));
        var revision = story.IsActive().Owes!.Roster!.Revision;

        var again = story.Passes(Seconds(1)).Happens(new Joined(Conversation)).Owes!.Roster!;

        Assert.Equal((revision, new RosterPlace(Conversation, IsNamed: true)), (again.Revision, Assert.Single(again.Places)));
    }

    [Fact]
    public void LeavingAgainTellsTheRosterAgain()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new Joined(Conversation));
        var revision = story.Happens(new Left(Conversation)).Owes!.Roster!.Revision;

        var again = story.Passes(Seconds(1)).Happens(new Left(Conversation)).Owes!.Roster!;

        Assert.Equal((revision, new RosterPlace(Conversation, IsNamed: false)), (again.Revision, Assert.Single(again.Places)));
    }

    [Fact]
    public void TheDefaultConversationNamesOnlyWhoIsHere()
    {
        var story = new Story();
        Assert.Equal(new RosterPlace("lobby", IsNamed: true), Assert.Single(story.IsActive().Owes!.Roster!.Places));
        var here = story.Records.Revision;

        Assert.Equal(new RosterPlace("lobby", IsNamed: false, here), Assert.Single(story.SignsOut().Owes!.Roster!.Places));
    }

    [Fact]
    public void RevisionsRiseOverErasureAndWithAClockThatGoesBack()
    {
        var story = new Story();
        List<long> revisions = [];
        story.Happens(new Joined(Conversation));
        revisions.Add(story.Records.Revision);
        foreach (var happened in new PresenceEvent[] { new Activity(Start, Force: true), new Erased(), new Erased() })
        {
            story.Passes(Seconds(-30)).Happens(happened);
            revisions.Add(story.Records.Revision);
        }

        Assert.NotNull(story.Profile.ErasedAt);
        story.Passes(Seconds(1)).Happens(new SetByAdministrator(IsOnline: true));
        revisions.Add(story.Records.Revision);

        Assert.Equal(revisions.Order().Distinct(), revisions);
        Assert.Equal(story.Records.Revision, story.Version);
    }

    [Fact]
    public void WhoIsErasedOrRetiredIsTakenOutOfItsRosters()
    {
        var erased = new Story();
        erased.Happens(new Joined(Conversation));
        Assert.False(Assert.Single(erased.Happens(new Erased()).Owes!.Roster!.Places).IsNamed);

        var retired = new Story(user: Guest);
        retired.Happens(new Joined(Conversation));
        retired.IsActive();
        retired.SignsOut();
        var owed = retired.Passes(TimeSpan.FromDays(60)).Happens(new Retired(retired.Now)).Owes!.Roster!;
        Assert.Equal((default, false), (retired.Records, Assert.Single(owed.Places).IsNamed));
        Assert.True(owed.Revision >= retired.Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void AProfileWrittenBesideAnOnlineRecordDoesNotPassForNewer()
    {
        var story = new Story();
        story.IsActive();
        story.SignsOut();
        var before = story.Records.Revision;

        var decision = story.Passes(Seconds(1)).IsActive();

        Assert.True(decision.Records.Online!.Revision > before);
        Assert.Equal(before, decision.Records.Profile!.Revision);
    }

    [Fact]
    public void DoneLaterRostersAreToldWhatTheRecordsSayByThen()
    {
        var story = new Story();
        story.Happens(new Joined("a"));
        var owed = story.Happens(new Joined("b")).Owes!.Roster! with { Places = [new("a", IsNamed: true), new("b", IsNamed: true)] };
        story.Passes(Seconds(1)).IsActive();
        story.Passes(Seconds(1)).Happens(new Left("b"));

        var late = RosterRules.Late(owed, story.Records, Alice);

        Assert.Equal((story.Records.Revision, story.Records.ViewOf(Alice)), (late.Revision, late.View));
        Assert.Equal([new("a", IsNamed: true), new("b", IsNamed: false)], late.Places);
        Assert.Equal((owed.Revision, false), (RosterRules.Late(owed, default, Alice).Revision, RosterRules.Late(owed, default, Alice).Places[0].IsNamed));
    }
}

file static class Stories
{
    extension(Story story)
    {
        public Decision IsActiveLater() => story.Passes(Seconds(1)).IsActive();
    }
}
