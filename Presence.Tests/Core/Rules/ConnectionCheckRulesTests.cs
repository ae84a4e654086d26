using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class ConnectionCheckRulesTests
{
    [Fact]
    public void AConnectionAliveIsAskedForAgainLater()
    {
        var story = new Story();
        story.Connects();

        story.Passes(story.Options.ConnectionCheckAfter).Happens(Checked(alive: [Connection]));

        Assert.Equal(PresenceStatus.Away, story.Status);
        Assert.Equal(story.Now + story.Options.ConnectionCheckAfter, story.Online.DueAt);
    }

    [Fact]
    public void AConnectionGoneEndsLikeOneThatClosed()
    {
        var story = new Story();
        story.Connects();

        story.Passes(story.Options.ConnectionCheckAfter).Happens(Checked(gone: [Connection]));

        Assert.Equal(story.Now + story.Options.DisconnectGrace, story.Online.DueAt);
        Assert.True(story.IsSweptWhenDue().IsNews);
        Assert.Equal((PresenceStatus.Offline, Start), (story.Status, story.Profile.LastSeenAt));
    }

    [Fact]
    public void WhoWasActiveAfterTheLastSignOfItStaysAsLongAsTheActivityKeepsIt()
    {
        var story = new Story();
        story.Connects();
        var activeAt = story.Passes(Seconds(70)).Now;
        story.IsActive();

        Assert.False(story.Passes(Seconds(30)).Happens(Checked(gone: [Connection])).IsNews);

        Assert.Empty(story.Online.Connections.Open);
        Assert.Equal((null, activeAt + story.Options.OfflineAfter), (story.Online.LastClosedAt, story.Online.DueAt));
        Assert.True(story.IsSweptWhenDue().IsNews);
        Assert.Equal((PresenceStatus.Offline, activeAt), (story.Status, story.Profile.LastSeenAt));
    }

    [Fact]
    public void ItIsAsIfItHadClosedInTimeBeforeTheActivity()
    {
        var (inTime, found) = (new Story(), new Story());
        foreach (var story in new[] { inTime, found })
        {
            story.Connects();
            story.Passes(Seconds(65));
        }

        inTime.Disconnects();
        foreach (var story in new[] { inTime, found })
        {
            story.Passes(Seconds(5)).IsActive();
        }

        found.Passes(Seconds(20)).Happens(Checked(gone: [Connection]));

        Assert.Equal((inTime.Online.DueAt, inTime.Online.LastClosedAt, inTime.Status), (found.Online.DueAt, found.Online.LastClosedAt, found.Status));
    }

    [Fact]
    public void WhoWasNotActiveSinceTheLastSignOfItLeavesByTheGrace()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(70)).IsActive();
        story.Passes(Seconds(10)).Happens(Checked(alive: [Connection]));

        story.Passes(Seconds(10)).Happens(Checked(gone: [Connection]));

        Assert.Equal((story.Now, story.Now + story.Options.DisconnectGrace), (story.Online.LastClosedAt, story.Online.DueAt));
    }

    [Fact]
    public void WhomTheActivityKeepsForLessThanTheGraceHasTheGrace()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(70)).IsActive();

        story.Passes(story.Options.OfflineAfter - Seconds(5)).Happens(Checked(gone: [Connection]));

        Assert.Equal(story.Now + story.Options.DisconnectGrace, story.Online.DueAt);
    }

    [Fact]
    public void OneGoneAndOneAliveIsNoLeaving()
    {
        var story = new Story();
        story.Connects();
        story.Connects(OtherConnection);

        story.Passes(story.Options.ConnectionCheckAfter).Happens(Checked(alive: [OtherConnection], gone: [Connection]));

        Assert.Equal([OtherConnection], story.Online.Connections.Open.Select(c => c.Id));
        Assert.Null(story.Online.LastClosedAt);
    }

    [Fact]
    public void WhatIsSaidOfUnknownConnectionsChangesNone()
    {
        var story = new Story();
        story.Connects();

        story.Passes(Seconds(1)).Happens(Checked(alive: ["x"], gone: ["y"]));

        Assert.Equal([new ConnectionMark(Connection, Start)], story.Online.Connections.Open);
        Assert.Empty(story.Online.Connections.Closed);
    }

    [Fact]
    public void ACheckOfAUserWhoHasGoneMeanwhileChangesNothing()
    {
        var story = new Story();
        story.Connects();
        story.SignsOut();

        Assert.Equal(Outcome.Unchanged, story.Happens(Checked(alive: [Connection])).Outcome);
    }

    private static ConnectionsChecked Checked(string[]? alive = null, string[]? gone = null) =>
        new(new HashSet<string>(alive ?? []), new HashSet<string>(gone ?? []));
}
