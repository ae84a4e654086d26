using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class ErasureRulesTests
{
    [Fact]
    public void OneWhoIsHereLeavesFirstUnderAVersionThatCountsAndItsConnectionsAreClosed()
    {
        var story = new Story();
        story.Connects();
        var version = story.Version;

        var decision = story.Passes(Seconds(1)).Happens(new Erased());

        Assert.Equal((Outcome.Applied, true, PresenceStatus.Offline), (decision.Outcome, decision.IsNews, story.Status));
        Assert.Equal([Connection], decision.Closes);
        Assert.True(story.Version > version);
        Assert.Null(story.Profile.ErasedAt);
    }

    [Fact]
    public void OneWhoIsGoneIsForgottenWithAllItWasIn()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));
        story.Happens(new Watched());
        story.IsActive();
        story.SignsOut();

        var decision = story.Passes(Seconds(1)).Happens(new Erased());

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.IsNews));
        Assert.Equal(new(null, ProfileRecord.Tombstone(story.Now) with { Revision = story.Records.Revision }), story.Records);
    }

    [Fact]
    public void TheConnectionsOfOneWhoIsGoneAreClosedWithItsRow()
    {
        var story = new Story(o => o.DisconnectGrace = TimeSpan.Zero);
        story.IsActive();
        story.Happens(new SetByAdministrator(IsOnline: false));
        var opened = story.Records with
        {
            Profile = story.Profile with { Connections = ConnectionSet.Empty.Opened(Connection, Start) },
        };

        var decision = PresenceRules.Decide(Alice, opened, new Erased(), story.Now + Seconds(1), story.Options);

        Assert.Equal([Connection], decision.Closes);
        Assert.NotNull(decision.Records.Profile!.ErasedAt);
    }

    [Fact]
    public void OneWhomNobodyKnowsLeavesATombstoneForItsCredentialsMayLive()
    {
        var story = new Story();

        Assert.Equal(Outcome.Applied, story.Happens(new Erased()).Outcome);
        Assert.Equal(new(null, ProfileRecord.Tombstone(Start) with { Revision = Start.ToUnixTimeMilliseconds() }), story.Records);
    }

    [Fact]
    public void ErasingOnceMoreMovesTheTombstone()
    {
        var story = new Story();
        story.Happens(new Erased());
        Assert.Equal(Outcome.Unchanged, story.Happens(new Erased()).Outcome);
        var between = story.Passes(Seconds(1)).Now;

        Assert.Equal(Outcome.Applied, story.Passes(Seconds(1)).Happens(new Erased()).Outcome);

        Assert.Equal(Outcome.Stale, story.Passes(Seconds(1)).Happens(new Activity(story.Now, IssuedAt: between)).Outcome);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(null, false)]
    public void CredentialsIssuedNoLaterThanTheErasureBringNobodyBack(int? issued, bool blocked)
    {
        var story = new Story();
        story.IsActive();
        story.SignsOut();
        story.Passes(Seconds(10)).Happens(new Erased());
        DateTimeOffset? issuedAt = issued is { } seconds ? story.Now + Seconds(seconds) : null;

        var isSignedOut = story.Records.IsSignedOutSince(issuedAt);
        var decision = story.Passes(Seconds(2)).Happens(new Activity(story.Now, IssuedAt: issuedAt));

        Assert.Equal(blocked, isSignedOut);
        Assert.Equal(blocked ? Outcome.Stale : Outcome.Applied, decision.Outcome);
        Assert.Equal(blocked ? PresenceStatus.Offline : PresenceStatus.Online, story.Status);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(null, true)]
    public void AConnectionNegotiatedBeforeTheErasureIsClosedAndOneAfterItIsLetIn(int? negotiated, bool isStale)
    {
        var story = new Story();
        story.Happens(new Erased());
        DateTimeOffset? negotiatedAt = negotiated is { } seconds ? story.Now + Seconds(seconds) : null;

        var decision = story.Passes(Seconds(2)).Happens(new Connected(Connection, negotiatedAt));

        Assert.Equal(isStale ? Outcome.Stale : Outcome.Applied, decision.Outcome);
        Assert.Equal(isStale ? [Connection] : [], decision.Closes);
        Assert.Equal(isStale ? PresenceStatus.Offline : PresenceStatus.Online, story.Status);
        Assert.Equal(isStale, story.Records.Profile?.ErasedAt is not null);
    }

    [Fact]
    public void WhoComesBackBeginsAnew()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));
        story.Happens(new Erased());

        var decision = story.Passes(Seconds(1)).IsActive();

        Assert.Null(decision.Records.Profile!.ErasedAt);
        Assert.Empty(story.Online.Conversations);
        Assert.Equal((story.Now, story.Now), (story.Online.Since, story.Online.LastActiveAt));
        story.SignsOut();
        Assert.Null(story.Profile.ErasedAt);
    }

    [Fact]
    public void WhoComesBackByConnectingLeavesNoTombstoneEither()
    {
        var story = new Story();
        story.Happens(new Erased());

        Assert.Null(story.Passes(Seconds(1)).Connects().Records.Profile!.ErasedAt);
    }

    [Fact]
    public void WhatWasHeldBackOfAnErasedUserIsNotWritten()
    {
        var story = new Story();
        story.IsActive();
        story.Passes(Seconds(20)).Happens(new Erased());
        story.Happens(new Erased());
        var tombstone = story.Records;

        Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(1)).IsHeard(story.Now).Outcome);
        Assert.Equal(tombstone, story.Records);
    }

    [Fact]
    public void TheEndOfAConnectionOfAForgottenUserIsNoNews()
    {
        var story = new Story();
        story.Connects();
        story.Happens(new Erased());
        story.Happens(new Erased());
        var tombstone = story.Records;

        Assert.Equal(Outcome.Unchanged, story.Disconnects().Outcome);
        Assert.Equal(tombstone, story.Records);
    }
}
