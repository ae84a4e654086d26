using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class PrivacyRulesTests
{
    private static readonly PrivacyChosen Hide = new(IsHidden: true, LastSeen: null);

    private static readonly PrivacyChosen Show = new(IsHidden: false, LastSeen: null);

    [Fact]
    public void WhoeverHidesLeavesForOthersAndSaysNothingOfWhen()
    {
        var story = Here();

        var hidden = story.Passes(Seconds(30)).Happens(Hide);

        var told = hidden.Owes!.News!;
        Assert.Equal((PresenceStatus.Offline, null, null), (told.View.Status, told.View.LastActiveAt, told.View.LastSeenAt));
        Assert.Equal([Conversation], told.Conversations);
        Assert.Equal((PresenceStatus.Offline, PresenceStatus.Online), (story.Status, story.Records.SessionStatus));
        Assert.Equal(told.View, story.Records.ViewOf(Alice));
    }

    [Fact]
    public void NothingThatOneWhoHidesDoesIsNewsNotEvenLeavingAndComing()
    {
        var story = Here();
        story.Happens(Hide);
        var shown = story.Records.ViewOf(Alice);

        Assert.Null(story.Passes(Seconds(70)).IsActive().Owes?.News);
        Assert.Null(story.Passes(Seconds(5)).SignsOut().Owes?.News);
        Assert.Equal(shown, story.Records.ViewOf(Alice));
        Assert.Null(story.Passes(Seconds(5)).IsActive().Owes?.News);

        Assert.Equal(shown, story.Records.ViewOf(Alice));
    }

    [Fact]
    public void WhatAnInvisibleUserLetsOthersKnowIsToldAsThatOfOneWhoIsGone()
    {
        var story = Here();
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        var before = story.Version;

        var told = story.Passes(Seconds(5)).Happens(new PrivacyChosen(null, LastSeenPrecision.Nobody)).Owes!.News!.View;

        Assert.Equal((PresenceStatus.Offline, null), (told.Status, told.LastSeenAt));
        Assert.True(told.Version > before);
    }

    [Fact]
    public void WhoeverHidesNoMoreComesAsOthersDo()
    {
        var story = Here();
        story.Happens(Hide);

        var shown = story.Passes(Seconds(70)).Happens(Show);

        Assert.Equal((PresenceStatus.Online, story.Now), (shown.Owes!.News!.View.Status, shown.Owes.News.View.LastActiveAt));
    }

    [Fact]
    public void TheUserSeesItselfAsItIs()
    {
        var story = Here();
        story.Happens(Hide);
        story.Happens(new PrivacyChosen(null, LastSeenPrecision.Nobody));

        var own = story.Records.OwnViewOf(Alice, story.Now);

        Assert.Equal((PresenceStatus.Online, Start), (own.Status, own.LastActiveAt));
    }

    [Theory]
    [InlineData(LastSeenPrecision.Coarse)]
    [InlineData(LastSeenPrecision.Nobody)]
    public void HowExactlyLastSeenIsToldIsNewsOfWhoeverIsHereAndOfWhoeverWas(LastSeenPrecision precision)
    {
        var here = Here();
        var gone = Here();
        gone.Passes(Seconds(10)).SignsOut();

        foreach (var story in new[] { here, gone })
        {
            var status = story.Status;

            var told = story.Passes(Seconds(10)).Happens(new PrivacyChosen(null, precision)).Owes!;

            Assert.Equal((status, null, null), (told.News!.View.Status, told.News.View.LastActiveAt, told.News.View.LastSeenAt));
            Assert.Equal([Conversation], told.News.Conversations);
            Assert.Equal(told.News.View.HiddenLastSeenAt, told.Roster!.View.HiddenLastSeenAt);
            Assert.Equal(precision == LastSeenPrecision.Coarse && story == gone, told.Roster.View.HiddenLastSeenAt is not null);
        }
    }

    [Fact]
    public void WhoeverWasNeverHereIsNotToldOf()
    {
        var story = new Story();

        var chosen = story.Happens(new PrivacyChosen(true, LastSeenPrecision.Coarse));

        Assert.Equal((Outcome.Applied, null), (chosen.Outcome, chosen.Owes?.News));
        Assert.Equal(new Privacy(true, LastSeenPrecision.Coarse), story.Records.Privacy);
        Assert.Null(story.Passes(Seconds(1)).IsActive().Owes?.News);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void WhoeverShowsNoLastSeenFromNowOnListensElsewhere(bool canBeHidden, bool isClosed)
    {
        var story = new Story(o => o.LastSeenCanBeHidden = canBeHidden);
        story.Connects();

        var hidden = story.Happens(new PrivacyChosen(null, LastSeenPrecision.Nobody)).Owes!;

        Assert.Equal(isClosed, hidden.Closes);
        Assert.Equal(isClosed ? [Connection] : [], hidden.Connections);
        Assert.NotNull(story.Records.Relations.ChangedAt);
        Assert.Equal(canBeHidden, story.Happens(new Connected("c9", story.Now)).Owes!.IsUntimed);
    }

    [Fact]
    public void TheVersionOfWhoeverIsVagueTellsTheDayAlone()
    {
        var (exact, vague) = (Here(), Here());
        vague.Happens(new PrivacyChosen(null, LastSeenPrecision.Coarse));
        foreach (var story in new[] { exact, vague })
        {
            story.Passes(Seconds(30)).SignsOut();
        }

        Assert.Equal(exact.Now.ToUnixTimeMilliseconds(), exact.Version);
        Assert.InRange(vague.Version - (Start.Date.AddDays(1) - DateTime.UnixEpoch).TotalMilliseconds, 0, 10);
    }

    [Fact]
    public void SayingItAgainChangesNothing()
    {
        var story = Here();
        story.Happens(Hide);

        Assert.Equal(Outcome.Unchanged, story.Happens(Hide).Outcome);
        Assert.Equal(Outcome.Unchanged, story.Happens(new PrivacyChosen(null, null)).Outcome);
    }

    [Fact]
    public void CredentialsFromBeforeASignOutChooseNothing()
    {
        var story = Here();
        story.Passes(Seconds(10)).SignsOut();

        Assert.Equal(Outcome.Stale, story.Passes(Seconds(10)).Happens(Hide with { IssuedAt = Start }).Outcome);
    }

    [Fact]
    public void OfAnErasedUserNothingIsKept()
    {
        var story = Here();
        story.Passes(Seconds(10)).Happens(new Erased());
        story.Passes(Seconds(10)).Happens(new Erased());

        Assert.Equal(Outcome.Unchanged, story.Happens(Hide).Outcome);
    }

    [Fact]
    public void WhatCameWhileNobodySawItIsLastSeenAsBeforeHoweverExactly()
    {
        var story = Here();
        story.Happens(new PrivacyChosen(null, LastSeenPrecision.Coarse));
        story.Passes(Seconds(10)).SignsOut();
        story.Passes(Seconds(100)).Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        var shown = story.Records.ViewOf(Alice);

        story.Passes(Seconds(100)).IsActive();

        Assert.Equal(shown.HiddenLastSeenAt, story.Records.ViewOf(Alice).HiddenLastSeenAt);
        Assert.NotNull(shown.HiddenLastSeenAt);
    }

    private static Story Here()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));
        story.Connects();
        return story;
    }
}
