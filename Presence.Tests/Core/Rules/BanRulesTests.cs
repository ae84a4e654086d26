using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>Forced out means out for as long as was said, whatever anybody but the one with the key does.</summary>
public sealed class BanRulesTests
{
    private static readonly DateTimeOffset End = Start + TimeSpan.FromHours(1);

    public static TheoryData<string, PresenceEvent> WaysBack => new()
    {
        { "a call", new Activity(Start + Seconds(60)) },
        { "a call with new credentials", new Activity(Start + Seconds(60), IssuedAt: Start + Seconds(59)) },
        { "an administrator", new SetByAdministrator(IsOnline: true) },
        { "a new connection", new Connected("c9", Start + Seconds(60)) },
        { "a connection of an older version", new Connected("c9") },
    };

    [Theory]
    [MemberData(nameof(WaysBack))]
    public void NothingBringsItBackBeforeTheEnd(string way, PresenceEvent happened)
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(1)).Happens(new Banned(End));

        var decision = story.Passes(Seconds(59)).Happens(happened);

        Assert.True(story.Records.Online is null, way);
        Assert.Null(decision.Owes?.News);
        Assert.Equal(happened is Connected ? ["c9"] : [], decision.Owes is { Closes: true } owes ? owes.Connections : []);
    }

    [Fact]
    public void WhatWasHeldBackTellsWhenItWasSeenLastAndNoMore()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(30)).Happens(new Banned(End));

        story.Passes(Seconds(1)).Happens(new HeldActivity(Start + Seconds(20)));
        Assert.Equal(Start + Seconds(20), story.Profile.LastSeenAt);

        story.Passes(Seconds(29)).Happens(new HeldActivity(Start + Seconds(59)));
        Assert.Null(story.Records.Online);
        Assert.Equal(Start + Seconds(30), story.Profile.LastSeenAt);
    }

    [Fact]
    public void WhoIsHereLeavesAsIfSignedOut()
    {
        var story = new Story();
        story.Connects();

        var decision = story.Happens(new Banned(End));

        Assert.False(decision.Owes!.News!.View.IsOnline);
        Assert.True(decision.Owes.Closes);
        Assert.Equal([Connection], decision.Owes.Connections);
        Assert.Equal((End, Start), (story.Profile.BannedUntil, story.Profile.SignedOutAt));
    }

    [Fact]
    public void WhoWasNeverSeenCanBeKeptOut()
    {
        var story = new Story();

        story.Happens(new Banned(End));

        Assert.Equal(Outcome.Stale, story.Passes(Seconds(5)).IsActive().Outcome);
        Assert.Null(story.Records.Online);
    }

    [Fact]
    public void FromTheEndOnItComesAsAnybodyDoes()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new Banned(End));

        story.Passes(End - story.Now - Seconds(0.001)).IsActive();
        Assert.Equal(PresenceStatus.Offline, story.Status);
        story.Passes(Seconds(0.001)).IsActive();
        Assert.Equal(PresenceStatus.Online, story.Status);
    }

    [Fact]
    public void OnceLiftedItComesAsAnybodyDoes()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new Banned(End));

        Assert.Equal(Outcome.Applied, story.Passes(Seconds(60)).Happens(new Banned(null)).Outcome);
        Assert.Equal(Outcome.Unchanged, story.Happens(new Banned(null)).Outcome);

        Assert.True(story.Passes(Seconds(1)).IsActive().IsNews);
    }

    [Fact]
    public void ErasingDoesNotLetItIn()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new Banned(End));
        story.Passes(Seconds(1)).Happens(new Erased());
        Assert.NotNull(story.Profile.ErasedAt);

        Assert.Equal(Outcome.Stale, story.Passes(Seconds(60)).Happens(new Activity(story.Now, IssuedAt: story.Now)).Outcome);
        story.Happens(new Joined(Conversation));
        Assert.Equal(Outcome.Stale, story.Happens(new Activity(story.Now, IssuedAt: story.Now)).Outcome);
    }

    [Fact]
    public void OneWhoIsErasedIsKeptOutAndComesWithWhatIsIssuedLaterOnly()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new Erased());
        story.Happens(new Erased());
        story.Passes(Seconds(10)).Happens(new Banned(End));
        Assert.Equal(ProfileRecord.Tombstone(story.Now) with { BannedUntil = End, Revision = story.Profile.Revision }, story.Profile with { WriteId = "" });
        story.Passes(Seconds(10)).Happens(new Banned(null));

        Assert.Equal(Outcome.Stale, story.Happens(new Activity(story.Now, IssuedAt: Start + Seconds(9))).Outcome);
        Assert.Equal(Outcome.Stale, story.Happens(new Activity(Start + Seconds(9), IssuedAt: story.Now)).Outcome);
        Assert.True(story.Happens(new Activity(story.Now, IssuedAt: story.Now)).IsNews);
    }

    [Fact]
    public void ItIsRememberedAsLongAsItLasts()
    {
        var story = new Story(user: Guest);
        story.IsActive();
        story.Happens(new Banned(End));

        Assert.False(story.Profile.IsLongGone(Guest, End - Seconds(1)));
        Assert.True(story.Profile.IsLongGone(Guest, End));
    }
}
