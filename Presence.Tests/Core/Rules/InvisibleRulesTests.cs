using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>Whoever is invisible is, to everybody else, somebody who left.</summary>
public sealed class InvisibleRulesTests
{
    private static readonly Chosen TurnInvisible = new(ChoiceSource.User, new(ChosenAvailability.Invisible));

    private static readonly Chosen TurnVisible = new(ChoiceSource.User, null);

    [Fact]
    public void TheLastActivityDoesNotFallWhereTheClockThatLetsItBeSeenAgainIsBehind()
    {
        var story = new Story();
        story.Connects();
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        story.Passes(Seconds(70)).IsActive();
        var last = story.Online.LastActiveAt;

        story.Passes(-Seconds(1)).Happens(new Chosen(ChoiceSource.User, null));

        Assert.Equal(last, story.Online.LastActiveAt);
    }

    [Fact]
    public void TurningInvisibleLooksExactlyLikeSigningOut()
    {
        var (invisible, signedOut) = (new Story(), new Story());
        foreach (var story in new[] { invisible, signedOut })
        {
            story.Happens(new Joined(Conversation));
            story.Happens(new Watched());
            story.Connects();
            story.Passes(Seconds(30));
        }

        var (hidden, left) = (invisible.Happens(TurnInvisible), signedOut.Happens(new SignedOut()));

        Assert.Equal(left.Owes!.News!.View, hidden.Owes!.News!.View);
        Assert.Equal(left.Owes.News.Conversations, hidden.Owes.News.Conversations);
        Assert.Equal((left.Owes.News.IsWatched, left.Owes.Roster!.View), (hidden.Owes.News.IsWatched, hidden.Owes.Roster!.View));
        Assert.Equal(left.Owes.Roster.Places, hidden.Owes.Roster.Places);
    }

    [Fact]
    public void InTheDefaultConversationItIsNamedNoMoreAndHearsOn()
    {
        var story = new Story();
        story.Connects();

        var hidden = story.Happens(TurnInvisible);

        Assert.Equal(["lobby"], hidden.Owes!.News!.Conversations);
        Assert.Equal([new RosterPlace("lobby", IsNamed: false, Replaces: Start.ToUnixTimeMilliseconds())], hidden.Owes.Roster!.Places);
        Assert.Empty(hidden.Owes.Exited);
        Assert.Empty(story.Records.Rosters);
        Assert.Equal(["lobby"], story.Records.ListensTo);
    }

    [Fact]
    public void NothingThatItDoesIsNews()
    {
        var story = new Story();
        story.Happens(new Watched());
        story.Connects();
        story.Passes(Seconds(30)).Happens(TurnInvisible);
        var shown = story.Records.ViewOf(Alice);
        PresenceEvent[] doings =
        [
            new Activity(Start + Seconds(200)), new Connected("c3", Start + Seconds(201)), new Disconnected("c3"), new Joined(Conversation), new Left(Conversation),
            new HeldActivity(Start + Seconds(220)), new ConnectionsChecked(new HashSet<string>(), new HashSet<string>()), new Watched(),
            new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy, "at lunch")), new Due(),
        ];

        story.Passes(Seconds(200));
        foreach (var doing in doings)
        {
            var decision = story.Passes(Seconds(1)).Happens(doing);

            Assert.True(decision.Owes?.News is null or { IsOfJoining: true }, $"{doing} is news");
            Assert.Equal(shown, decision.Owes?.News?.View ?? shown);
            Assert.Equal(shown, story.Records.ViewOf(Alice));
            Assert.All(decision.Owes?.Roster?.Places ?? [], place => Assert.NotEqual("lobby", place.IsNamed ? place.ConversationId : ""));
        }

        story.Passes(TimeSpan.FromMinutes(6)).IsSwept();
        Assert.Equal((PresenceStatus.Away, shown), (story.Records.SessionStatus, story.Records.ViewOf(Alice)));
    }

    [Fact]
    public void WhoComesAndGoesInvisibleWasNeverHere()
    {
        var story = new Story();
        story.Connects();
        story.Passes(Seconds(30)).SignsOut();
        var shown = story.Records.ViewOf(Alice);
        story.Passes(Seconds(10)).Happens(TurnInvisible);

        Assert.Null(story.Passes(Seconds(10)).Connects("c7").Owes!.News);
        Assert.Equal(shown, story.Records.ViewOf(Alice));
        story.Passes(Seconds(100)).IsActive();
        Assert.Equal(shown, story.Records.ViewOf(Alice));
        Assert.Null(story.SignsOut().Owes!.News);

        Assert.Equal(shown, story.Records.ViewOf(Alice));
        Assert.Equal(Start + Seconds(150), story.Profile.LastSeenAt);
        Assert.Equal(Start + Seconds(150), story.Records.OwnViewOf(Alice, story.Now).LastSeenAt);
    }

    [Fact]
    public void OneWhomNobodyHasEverSeenStaysUnheardOf()
    {
        var story = new Story();
        story.Happens(TurnInvisible);

        Assert.Null(story.Connects().Owes!.News);

        Assert.Equal(default(UserRecords).ViewOf(Alice), story.Records.ViewOf(Alice));
        story.SignsOut();
        Assert.Equal(default(UserRecords).ViewOf(Alice), story.Records.ViewOf(Alice));
    }

    [Fact]
    public void TurningVisibleLooksExactlyLikeComing()
    {
        var story = new Story();
        story.Connects();
        story.Happens(TurnInvisible);

        story.Passes(Seconds(60)).IsActive();
        var comes = new Story();
        comes.Passes(Seconds(160)).Connects();

        var visible = story.Passes(Seconds(100)).Happens(TurnVisible);

        var told = visible.Owes!.News!;
        Assert.Equal(comes.Records.ViewOf(Alice), told.View);
        Assert.Equal((PresenceStatus.Online, Availability.Available, null), (told.View.Status, told.View.Availability, told.View.LastSeenAt));
        Assert.Equal(["lobby"], told.Conversations);
        Assert.Equal([new RosterPlace("lobby", IsNamed: true)], visible.Owes.Roster!.Places);
        Assert.Null(story.Online.Disguise);
    }

    [Fact]
    public void AnInvisibleUserSeesHowItWouldBeSeen()
    {
        var story = new Story();
        story.Connects();
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible, "thinking", Until: Start + Seconds(60))));

        var own = story.Records.OwnViewOf(Alice, story.Now);

        Assert.Equal((PresenceStatus.Online, Availability.Available, "thinking"), (own.Status, own.Availability, own.Text));
        Assert.Equal(ChosenAvailability.Invisible, own.Choice!.Availability);
    }

    [Fact]
    public void BeingInvisibleEndsByItselfAndDatesNothing()
    {
        var story = new Story();
        story.Connects();
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible, Until: Start + TimeSpan.FromMinutes(20))));
        story.Passes(TimeSpan.FromMinutes(2)).IsActive();
        while (story.Online.DueAt < Start + TimeSpan.FromMinutes(20))
        {
            Assert.Null(story.IsSweptWhenDue().Owes?.News);
            story.Happens(new ConnectionsChecked(new HashSet<string> { Connection }, new HashSet<string>()));
        }

        var view = story.IsSweptWhenDue().Owes!.News!.View;

        Assert.Equal((Start + TimeSpan.FromMinutes(20), PresenceStatus.Online, story.Now), (story.Now, view.Status, view.LastActiveAt));
    }

    [Fact]
    public void NewsToldLateGivesWayToWhatHoldsByThen()
    {
        var story = new Story();
        var came = story.Connects().Owes!.News!;
        story.Passes(Seconds(5)).Happens(TurnInvisible);

        var late = AudienceRules.Late(came, story.Records, story.Options);

        Assert.Equal(story.Records.ViewOf(Alice), late.View);
        Assert.False(late.View.IsOnline);
    }
}
