using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class RelationRulesTests
{
    private static readonly Block OfBob = new(Bob, Start, 3);

    [Fact]
    public void ABlockLooksLikeLeavingToTheOtherAndLikeNothingToTheRest()
    {
        var (blocked, left) = (Here(), Here());
        var before = blocked.Version;

        var told = blocked.Passes(Seconds(30)).Happens(new Blocked(Bob, OfBob, IsTold: true)).Owes!.News!;
        var leaving = left.Passes(Seconds(30)).SignsOut().Owes!.News!;

        Assert.Equal(leaving.View with { Version = told.View.Version }, told.View);
        Assert.Equal((Bob, true), (told.Only, told.Conversations.IsEmpty));
        Assert.False(told.IsWatched);
        Assert.True(told.View.Version > before);
        Assert.Equal((PresenceStatus.Online, told.View.Version + 1), (blocked.Status, blocked.Version));
    }

    [Fact]
    public void TheOtherIsToldHowTheUserStandsWhenTheBlockEnds()
    {
        var story = Here();
        story.Happens(new Blocked(Bob, OfBob, IsTold: true));

        var told = story.Passes(Seconds(1)).Happens(new Blocked(Bob, null, IsTold: true)).Owes!.News!;

        Assert.Equal((Bob, story.Records.ViewOf(Alice) with { Version = story.Version - 1 }), (told.Only, told.View));
        Assert.True(story.Records.Relations.AreNone);
    }

    [Fact]
    public void OfWhoeverIsNotHereNothingIsTold()
    {
        var story = new Story();

        Assert.Null(story.Happens(new Blocked(Bob, OfBob, IsTold: true)).Owes);
        Assert.Equal([OfBob], story.Records.Relations.Blocks);
        Assert.Equal(0, story.Version);
    }

    [Fact]
    public void OnlyThatTellsToldNewsIsOfThoseWhoMayHearIt()
    {
        var story = Here();
        story.Happens(new Blocked(Bob, OfBob));

        var news = story.Passes(Seconds(1)).SignsOut().Owes!.News!;

        Assert.Equal([OfBob], news.Relations.Blocks);
        Assert.Equal([Conversation], news.Conversations);
    }

    [Fact]
    public void ANewConnectionOfWhoeverIsRestrictedSaysSo()
    {
        var story = Here();
        Assert.False(story.Happens(new Connected("c8", story.Now)).Owes!.IsRestricted);

        story.Happens(new Blocked(Bob, OfBob));

        Assert.True(story.Happens(new Connected("c9", story.Now)).Owes!.IsRestricted);
        Assert.True(story.Happens(new Joined("b")).Owes!.IsRestricted);
    }

    [Fact]
    public void WhatIsSaidOutlivesGoingAndComing()
    {
        var story = Here();
        story.Happens(new Blocked(Bob, OfBob));
        story.Happens(new SeenBy(Guest, Holds: true));
        story.Happens(new SeenIn("b", Holds: true));
        story.Happens(new PrivacyChosen(null, LastSeenPrecision.Coarse));
        var (relations, privacy) = (story.Records.Relations, story.Records.Privacy);

        story.Passes(Seconds(10)).SignsOut();
        Assert.Equal((relations, privacy), (story.Records.Relations, story.Records.Privacy));

        story.Passes(Seconds(10)).IsActive();
        Assert.Equal((relations, privacy), (story.Records.Relations, story.Records.Privacy));
    }

    [Fact]
    public void WhoeverMaySeeTheUserNoMoreIsToldThatItIsGone()
    {
        var story = Here();
        story.Happens(new SeenBy(Bob, Holds: true));

        var told = story.Happens(new SeenBy(Bob, Holds: false, IsTold: true)).Owes!.News!;

        Assert.Equal((Bob, default(UserRecords).ViewOf(Alice) with { Version = story.Version - 1 }), (told.Only, told.View));
    }

    [Fact]
    public void WhoeverMaySeeAnotherNoMoreListensToItNoMore()
    {
        var story = Here();
        Assert.Null(story.Happens(new Sees(Bob, Holds: true)).Owes);

        Assert.Equal([Bob], story.Happens(new Sees(Bob, Holds: false)).Owes!.Unwatched);
    }

    [Fact]
    public void ThoseWhoWatchBecauseOfAConversationAreToldWhenThatIsNoReasonAnyMore()
    {
        var story = Here();
        story.Happens(new SeenIn("b", Holds: true));
        Assert.Null(story.Happens(new SeenIn("b", Holds: false)).Owes);
        story.Happens(new Watched());
        story.Happens(new SeenIn("b", Holds: true));

        var news = story.Happens(new SeenIn("b", Holds: false)).Owes!.News!;

        Assert.Equal(("b", story.Records.ViewOf(Alice)), (news.FarewellIn, news.View));
        Assert.Equal([Conversation], news.Conversations);
    }

    [Fact]
    public void ABlockedConversationIsToldAndItsOwnConnectionsComeAnew()
    {
        var story = Here();

        var owes = story.Happens(new BlockedIn("b", Holds: true)).Owes!;

        Assert.Equal(("b", PresenceStatus.Offline), (owes.News!.OnlyMembersOf, owes.News.View.Status));
        Assert.True(owes.Closes);
        Assert.Equal([Connection], owes.Connections);
        Assert.Equal(("b", "b"), (story.Records.ViewOf(Alice).HiddenFrom, owes.Roster!.View.HiddenFrom));
    }

    [Fact]
    public void TheRosterFollowsABlockOfWhoeverIsNotHere()
    {
        var story = Here();
        story.Passes(Seconds(1)).SignsOut();

        var owes = story.Passes(Seconds(1)).Happens(new BlockedIn("b", Holds: true)).Owes!;

        Assert.Equal((null, "b"), (owes.News, owes.Roster!.View.HiddenFrom));
    }

    [Fact]
    public void WhoeverLeavesAConversationForgetsThatItIsGuarded()
    {
        var story = Here();
        story.Happens(new Joined("b"));
        Assert.Equal(Outcome.Unchanged, story.Happens(new Guarded("c", Holds: true)).Outcome);
        story.Happens(new Guarded("b", Holds: true));
        Assert.Equal(["b"], story.Records.Relations.Guarded);

        story.Happens(new Left("b"));

        Assert.Empty(story.Records.Relations.Guarded);
        Assert.Equal([Conversation], story.Records.Conversations);
    }

    public static TheoryData<PresenceEvent> Said =>
    [
        new SeenBy(Bob, true), new Sees(Bob, true), new SeenIn("b", true), new Blocked(Bob, OfBob), new BlockedIn("b", true), new Guarded(Conversation, true),
    ];

    [Theory]
    [MemberData(nameof(Said))]
    public void SayingItAgainChangesNothing(PresenceEvent said)
    {
        foreach (var story in new[] { Here(), Gone() })
        {
            Assert.Equal(Outcome.Applied, story.Happens(said).Outcome);
            Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(1)).Happens(said).Outcome);
        }

        static Story Gone()
        {
            var story = Here();
            story.Passes(Seconds(1)).SignsOut();
            return story;
        }
    }

    [Fact]
    public void ThereIsALimitForEachKind()
    {
        var story = Here();
        foreach (var user in Users(Relations.MaxUsers))
        {
            story.Happens(new Blocked(user, new(user, null, 0)));
            story.Happens(new SeenBy(user, true));
            story.Happens(new Sees(user, true));
        }

        foreach (var conversation in Enumerable.Range(1, Relations.MaxConversations).Select(i => $"x{i}"))
        {
            story.Happens(new SeenIn(conversation, true));
            story.Happens(new BlockedIn(conversation, true));
        }

        Assert.All(
            new PresenceEvent[] { new Blocked(Bob, OfBob), new SeenBy(Bob, true), new Sees(Bob, true), new SeenIn("b", true), new BlockedIn("b", true) },
            one => Assert.Throws<InvalidInputException>(() => story.Happens(one)));
    }

    [Fact]
    public void WhatIsSaidOfAnErasedUserIsOfAnotherOne()
    {
        var story = Here();
        story.Passes(Seconds(1)).Happens(new Erased());
        story.Passes(Seconds(1)).Happens(new Erased());
        var erasedAt = story.Profile.ErasedAt;

        story.Passes(Seconds(1)).Happens(new Blocked(Bob, OfBob));

        Assert.Equal((null, erasedAt, erasedAt), (story.Profile.ErasedAt, story.Profile.LeftAt, story.Profile.SignedOutAt));
        Assert.Equal([OfBob], story.Records.Relations.Blocks);
    }

    [Fact]
    public void LateNewsGoesByWhoMayHearItThen()
    {
        var story = Here();
        var news = story.Passes(Seconds(1)).SignsOut().Owes!.News!;
        story.Happens(new Blocked(Bob, OfBob));

        Assert.Equal([OfBob], AudienceRules.Late(news, story.Records, story.Options).Relations.Blocks);
    }

    [Fact]
    public void WhatIsForOneAloneIsNotOvertaken()
    {
        var story = Here();
        var news = story.Happens(new Blocked(Bob, OfBob, IsTold: true)).Owes!.News!;
        story.Passes(Seconds(1)).SignsOut();

        Assert.Equal(news, AudienceRules.Late(news, story.Records, story.Options));
    }

    private static Story Here()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));
        story.Connects();
        return story;
    }
}
