using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class AudienceRulesTests
{
    [Fact]
    public void OfAnErasedUserNobodyIsToldLateThatItIsHereOnlyThatItIsGone()
    {
        var story = new Story();
        story.Happens(new Joined("a"));
        story.Happens(new Watched());
        var came = story.Connects().Owes!.News!;
        var left = story.Passes(Seconds(1)).Happens(new Erased()).Owes!.News!;
        story.Passes(Seconds(1)).Happens(new Erased());

        Assert.Equal((0, false), (AudienceRules.Late(came, story.Records, story.Options).Conversations.Length, AudienceRules.Late(came, story.Records, story.Options).IsWatched));
        Assert.Equal(left, AudienceRules.Late(left, story.Records, story.Options));
    }

    [Theory]
    [InlineData(Visibility.Conversations, true)]
    [InlineData(Visibility.Everybody, false)]
    public void WhoeverLeavesAConversationWatchesAnewWhomItMayStillSee(Visibility visibility, bool isClosed)
    {
        var story = new Story(o => o.Visibility = visibility);
        story.Happens(new Joined("a"));
        story.Happens(new Joined("b"));
        story.Connects();
        story.Happens(new Connected("watches", story.Now, Watching: [Bob]));

        Assert.Empty(story.Happens(new Joined("c")).Owes!.GivingWay);
        Assert.Equal(isClosed ? ["watches"] : [], story.Happens(new Left("b")).Owes!.GivingWay);
    }

    [Fact]
    public void WhenAUserHasJoinedOrLeftIsRememberedAsAChangeOfWhoSeesWhom()
    {
        var story = new Story();
        story.Happens(new Joined("a"));
        var joined = story.Now;
        Assert.Equal(joined, story.Records.Relations.ChangedAt);

        story.Passes(Seconds(1)).Happens(new Joined("a"));
        story.Happens(new Left("b"));
        Assert.Equal(joined, story.Records.Relations.ChangedAt);

        story.Passes(Seconds(1)).Happens(new Left("a"));
        Assert.Equal(story.Now, story.Records.Relations.ChangedAt);
    }

    [Fact]
    public void WhoLeavesAConversationThatIsBlockedSeesAndIsSeenOtherwise()
    {
        var story = new Story();
        story.Happens(new Joined("a"));
        story.Happens(new Guarded("a", Holds: true));
        story.Passes(Seconds(1)).Happens(new Left("a"));

        Assert.Equal((true, story.Now), (story.Records.Relations.Guarded.IsEmpty, story.Records.Relations.ChangedAt));
    }

    [Fact]
    public void MembershipIsNoChangeOfStatusAndOutlivesIt()
    {
        var story = new Story();

        Assert.Equal((true, 0), (story.Happens(new Joined("b")).Owes!.News!.IsOfJoining, story.Version));
        story.IsActive();
        var version = story.Version;
        story.Passes(Seconds(1)).Happens(new Joined("a"));
        Assert.Equal((PresenceStatus.Online, version), (story.Status, story.Version));
        story.SignsOut();

        Assert.Equal(["a", "b"], story.Records.Conversations);
    }

    [Fact]
    public void JoiningTwiceAndLeavingTwiceChangesNothingOfAUserWhoIsNotHere()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));
        var (joined, version) = (story.Records, story.Version);

        Assert.Equal((Outcome.Unchanged, joined), (story.Happens(new Joined(Conversation)).Outcome, story.Records));
        story.Happens(new Left(Conversation));
        var left = story.Records;
        story.Happens(new Left(Conversation));

        Assert.Equal(left, story.Records);
        Assert.Equal((0, version), (story.Records.Conversations.Length, story.Version));
    }

    [Fact]
    public void WhoIsHereEntersAConversationWithItsConnectionsAndIsMadeKnownThere()
    {
        var story = new Story();
        story.Connects();

        var owed = story.Passes(Seconds(1)).Happens(new Joined(Conversation)).Owes!;

        Assert.Equal([Connection], owed.Connections);
        Assert.Equal([Conversation], owed.Entered);
        Assert.Equal(["lobby"], owed.Exited);
        Assert.Equal([Conversation], owed.News!.Conversations);
        Assert.Equal((PresenceStatus.Online, story.Version, false), (owed.News.View.Status, owed.News.View.Version, owed.News.IsWatched));
    }

    [Fact]
    public void AConversationIsToldOnceOfOneWhoIsNotHereAndHasComeIntoIt()
    {
        var story = new Story();
        story.IsActive();
        story.SignsOut();

        var news = story.Happens(new Joined(Conversation)).Owes!.News!;

        Assert.Equal([Conversation], news.Conversations);
        Assert.Equal((PresenceStatus.Offline, story.Version, true, false), (news.View.Status, news.View.Version, news.IsOfJoining, news.IsWatched));
        Assert.Equal(Outcome.Unchanged, story.Happens(new Joined(Conversation)).Outcome);
        Assert.Null(story.Happens(new Left(Conversation)).Owes!.News);
    }

    [Fact]
    public void NobodyCanTellByHowOneJoinsThatItIsHereAndNotToBeSeen()
    {
        var (gone, invisible) = (new Story(), new Story());
        foreach (var story in (Story[])[gone, invisible])
        {
            story.Happens(new Joined(Conversation));
            story.IsActive();
        }

        gone.SignsOut();
        invisible.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        foreach (var conversation in (string[])["a", "a", "b"])
        {
            var (one, other) = (gone.Passes(Seconds(1)).Happens(new Joined(conversation)), invisible.Passes(Seconds(1)).Happens(new Joined(conversation)));
            Assert.Equal(one.Owes?.News?.View, other.Owes?.News?.View);
            Assert.Equal(one.Owes?.News?.Conversations ?? [], other.Owes?.News?.Conversations ?? []);
        }

        // Nor is it told in the default conversation, where only those stand who are here.
        Assert.All((string[])[Conversation, "a", "b"], conversation => Assert.Null(invisible.Happens(new Left(conversation)).Owes!.News));
    }

    [Fact]
    public void OfOneWhoHidesAConversationIsToldWhatItsRosterSays()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new PrivacyChosen(IsHidden: true, LastSeen: null));

        Assert.Equal(VisibilityRules.Unknown(Alice), story.Happens(new Joined(Conversation)).Owes!.News!.View);
    }

    [Fact]
    public void ThatOneHasJoinedIsToldLateAsItIsByThenAndNotWhereItIsInNoMore()
    {
        var story = new Story();
        var joined = story.Happens(new Joined("a")).Owes!.News!;
        story.Passes(Seconds(1)).IsActive();

        Assert.Equal((story.Records.ViewOf(Alice), true), (Late(joined).View, Late(joined).IsOfJoining));
        story.Happens(new PrivacyChosen(IsHidden: true, LastSeen: null));
        Assert.Equal(VisibilityRules.Unknown(Alice), Late(joined).View);
        story.Happens(new Joined("b"));
        story.Happens(new Left("a"));
        Assert.Empty(Late(joined).Conversations);

        var left = new Story();
        joined = left.Happens(new Joined("a")).Owes!.News!;
        left.Passes(Seconds(1)).Happens(new Erased());
        Assert.Empty(AudienceRules.Late(joined, left.Records, left.Options).Conversations);

        Transition Late(Transition news) => AudienceRules.Late(news, story.Records, story.Options);
    }

    [Fact]
    public void JoiningAgainOwesTheSameAgain()
    {
        var story = new Story();
        story.Connects();
        story.Happens(new Joined(Conversation));
        var records = story.Records;

        var again = story.Passes(Seconds(1)).Happens(new Joined(Conversation));

        Assert.Equal(records, story.Records);
        Assert.True(again.MustBeKept);
        Assert.Equal([Connection], again.Owes!.Connections);
        Assert.Equal([Conversation], again.Owes.Entered);
        Assert.Equal([Conversation], again.Owes.News!.Conversations);
        Assert.Empty(again.Owes.Exited);
    }

    [Fact]
    public void LeavingOwesTheSameHoweverOftenItIsSaid()
    {
        var story = new Story();
        story.Connects();
        story.Happens(new Joined(Conversation));

        var first = story.Happens(new Left(Conversation));
        var again = story.Happens(new Left(Conversation));

        Assert.Equal([Conversation], first.Owes!.Exited);
        Assert.Equal(["lobby"], first.Owes.Entered);
        Assert.Equal(["lobby"], first.Owes.News!.Conversations);
        Assert.True(again.MustBeKept);
        Assert.Equal([Conversation], again.Owes!.Exited);
        Assert.Null(again.Owes.News);
    }

    [Fact]
    public void OneWhoIsNotHereLeavesOnWhateverConnectionsItMayHave()
    {
        var story = new Story();
        story.Happens(new Joined(Conversation));

        var decision = story.Happens(new Left(Conversation));

        Assert.Equal([Conversation], decision.Owes!.Exited);
        Assert.Null(decision.Owes.News);
    }

    [Fact]
    public void AJoinOfOneWhoWasErasedLetsNothingOldBackIn()
    {
        var story = new Story();
        story.Happens(new Erased());
        var erasedAt = story.Now;

        story.Passes(Seconds(1)).Happens(new Joined(Conversation));

        Assert.Equal([Conversation], story.Records.Conversations);
        Assert.True(story.Records.IsSignedOutSince(erasedAt));
        Assert.Equal(Outcome.Stale, story.Happens(new Connected(Connection, erasedAt)).Outcome);
        Assert.Equal(Outcome.Stale, story.Happens(new Activity(erasedAt)).Outcome);
    }

    [Fact]
    public void WhoWasErasedIsNeitherWatchedNorTakenOutOfAConversation()
    {
        var story = new Story();
        story.Happens(new Erased());
        var tombstone = story.Records;

        Assert.Equal(Outcome.Unchanged, story.Passes(Seconds(1)).Happens(new Watched()).Outcome);
        Assert.Equal(Outcome.Unchanged, story.Happens(new Left(Conversation)).Outcome);
        Assert.Equal(tombstone, story.Records);
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
    public void WhoWatchesHearsOfComingAndLeaving()
    {
        var story = new Story();
        story.Happens(new Watched());

        Assert.True(story.IsActive().Owes!.News!.IsWatched);
        Assert.True(story.SignsOut().Owes!.News!.IsWatched);
    }

    [Fact]
    public void WhomNobodyWatchesNobodyHearsOf()
    {
        var story = new Story();

        Assert.False(story.IsActive().Owes!.News!.IsWatched);
        Assert.False(story.SignsOut().Owes!.News!.IsWatched);
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
