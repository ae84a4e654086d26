using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

/// <summary>What is chosen that others see: what counts before what, and until when.</summary>
public sealed class ChoiceRulesTests
{
    /// <summary>What sessions say, what the application and the user have chosen, and what others see of that.</summary>
    public static TheoryData<PresenceStatus, ChosenAvailability?, ChosenAvailability?, Availability> Precedence
    {
        get
        {
            var rows = new TheoryData<PresenceStatus, ChosenAvailability?, ChosenAvailability?, Availability>();
            foreach (var (sessions, application, shown) in new[]
            {
                (PresenceStatus.Online, (ChosenAvailability?)null, Availability.Available),
                (PresenceStatus.Online, ChosenAvailability.Automatic, Availability.Available),
                (PresenceStatus.Online, ChosenAvailability.Available, Availability.Available),
                (PresenceStatus.Online, ChosenAvailability.Busy, Availability.Busy),
                (PresenceStatus.Online, ChosenAvailability.DoNotDisturb, Availability.DoNotDisturb),
                (PresenceStatus.Online, ChosenAvailability.Away, Availability.Available),
                (PresenceStatus.Away, null, Availability.Away),
                (PresenceStatus.Away, ChosenAvailability.Automatic, Availability.Away),
                (PresenceStatus.Away, ChosenAvailability.Available, Availability.Available),
                (PresenceStatus.Away, ChosenAvailability.Busy, Availability.Busy),
                (PresenceStatus.Away, ChosenAvailability.DoNotDisturb, Availability.DoNotDisturb),
                (PresenceStatus.Away, ChosenAvailability.Away, Availability.Away),
                (PresenceStatus.Offline, ChosenAvailability.Busy, Availability.Offline),
            })
            {
                rows.Add(sessions, application, null, shown);
                rows.Add(sessions, application, ChosenAvailability.Automatic, shown);
                var isHere = sessions != PresenceStatus.Offline;
                rows.Add(sessions, application, ChosenAvailability.Available, isHere ? Availability.Available : Availability.Offline);
                rows.Add(sessions, application, ChosenAvailability.Busy, isHere ? Availability.Busy : Availability.Offline);
                rows.Add(sessions, application, ChosenAvailability.DoNotDisturb, isHere ? Availability.DoNotDisturb : Availability.Offline);
                rows.Add(sessions, application, ChosenAvailability.Away, isHere ? Availability.Away : Availability.Offline);
                rows.Add(sessions, application, ChosenAvailability.Invisible, Availability.Offline);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Precedence))]
    public void TheUsersChoiceCountsFirstAndOfTheOthersTheOneThatKeepsOffMost(
        PresenceStatus sessions, ChosenAvailability? application, ChosenAvailability? own, Availability shown)
    {
        var story = Started(sessions);
        Choose(story, application, ChoiceSource.Application);
        Choose(story, own, ChoiceSource.User);

        var view = story.Records.ViewOf(Alice);

        Assert.Equal((shown, AvailabilityName.StatusOf(shown)), (view.Availability, view.Status));
        Assert.Equal(shown != Availability.Offline, view.IsOnline);
    }

    [Fact]
    public void AChoiceIsNewsOnceAndOnlyWhereItShows()
    {
        var story = new Story();
        story.Connects();
        var busy = new Choice(ChosenAvailability.Busy, "on a train", "🚆");

        var chosen = story.Happens(new Chosen(ChoiceSource.User, busy));
        Assert.True(chosen.IsNews);
        var told = chosen.Owes!.News!.View;
        Assert.Equal((Availability.Busy, PresenceStatus.Online, "on a train", "🚆"), (told.Availability, told.Status, told.Text, told.Emoji));
        Assert.True(chosen.Owes.IsToldToOneself);

        Assert.Equal(Outcome.Unchanged, story.Happens(new Chosen(ChoiceSource.User, busy)).Outcome);
        var covered = story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.DoNotDisturb)));
        Assert.Equal((Outcome.Applied, false), (covered.Outcome, covered.IsNews));
        Assert.True(covered.Owes!.IsToldToOneself);
    }

    [Fact]
    public void OfChoicesThatNobodyElseSeesTheLastHasTheLargestRevision()
    {
        var story = new Story();
        story.Connects();
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        var first = story.Records.OwnViewOf(Alice, story.Now);

        var changed = story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible, "writing")));
        var second = story.Records.OwnViewOf(Alice, story.Now);
        story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy)));
        var third = story.Records.OwnViewOf(Alice, story.Now);

        Assert.Null(changed.Owes!.Roster);
        Assert.Equal((first.Version, first.Version), (second.Version, third.Version));
        Assert.True(first.Revision < second.Revision && second.Revision < third.Revision);
    }

    [Fact]
    public void AChoiceSurvivesLeavingAndShowsAgain()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.DoNotDisturb, "writing")));
        story.IsSweptWhenDue();
        var gone = story.Records.ViewOf(Alice);
        Assert.Equal((Availability.Offline, null), (gone.Availability, gone.Text));

        story.Passes(TimeSpan.FromHours(9)).IsActive();

        var back = story.Records.ViewOf(Alice);
        Assert.Equal((Availability.DoNotDisturb, "writing"), (back.Availability, back.Text));
    }

    [Fact]
    public void AChoiceMadeWhileAwayFromEverythingShowsOnceTheUserComes()
    {
        var story = new Story();
        Assert.False(story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy))).IsNews);
        Assert.Equal(PresenceStatus.Offline, story.Status);

        Assert.Equal(Availability.Busy, story.IsActive().Owes!.News!.View.Availability);
    }

    [Fact]
    public void AChoiceEndsByItselfAndThatIsNews()
    {
        var story = new Story();
        story.Connects();
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy, "in a meeting", Until: Start + Seconds(90))));
        Assert.Equal(Start + Seconds(90), story.Online.DueAt);

        var ended = story.IsSweptWhenDue();

        Assert.Equal((Availability.Available, null), (ended.Owes!.News!.View.Availability, ended.Owes.News.View.Text));
        Assert.True(ended.Owes.IsToldToOneself);
        Assert.Null(story.Online.Choice);
    }

    [Fact]
    public void AChoiceThatEndsWhileItsUserIsGoneShowsNoMore()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy, Until: Start + TimeSpan.FromHours(1))));
        story.IsSweptWhenDue();

        story.Passes(TimeSpan.FromHours(1)).IsActive();

        Assert.Equal(Availability.Available, story.Records.ViewOf(Alice).Availability);
    }

    [Fact]
    public void OfTwoChoicesEachEndsWhenItSays()
    {
        var story = new Story(o => o.AwayAfter = TimeSpan.FromHours(5));
        story.Connects();
        story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy, Until: Start + Seconds(120))));
        story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Away, Until: Start + Seconds(60))));
        Assert.Equal(Availability.Away, story.Records.ViewOf(Alice).Availability);

        story.IsSweptWhenDue();
        Assert.Equal((Start + Seconds(60), Availability.Busy), (story.Now, story.Records.ViewOf(Alice).Availability));
        story.IsSweptWhenDue();
        Assert.Equal((Start + Seconds(120), Availability.Available), (story.Now, story.Records.ViewOf(Alice).Availability));
    }

    [Fact]
    public void TakingBackWhatNobodyHasChosenChangesNothing()
    {
        var story = new Story();

        Assert.Equal(Outcome.Unchanged, story.Happens(new Chosen(ChoiceSource.User, null)).Outcome);
        Assert.Equal(Outcome.Unchanged, story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.Automatic))).Outcome);
        Assert.Equal(default, story.Records);
    }

    [Fact]
    public void WhoIsKeptOutChoosesNothingAndTheApplicationDoes()
    {
        var story = new Story();
        story.Happens(new Banned(Start + Seconds(60)));

        Assert.Equal(Outcome.Stale, story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy))).Outcome);
        Assert.Equal(Outcome.Applied, story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy))).Outcome);
    }

    [Fact]
    public void AChoiceThatLastsIsReasonToRememberItsUser()
    {
        var story = new Story();
        story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy, Until: Start + TimeSpan.FromDays(60))));

        Assert.False(story.Profile.IsLongGone(Alice, Start + TimeSpan.FromDays(59)));
        Assert.True(story.Profile.IsLongGone(Alice, Start + TimeSpan.FromDays(60)));
    }

    [Fact]
    public void WhatIsErasedChoosesNothing()
    {
        var story = new Story();
        story.IsActive();
        story.Happens(new Erased());
        story.Happens(new Erased());

        Assert.Equal(Outcome.Unchanged, story.Happens(new Chosen(ChoiceSource.Application, new(ChosenAvailability.Busy))).Outcome);
        story.Passes(Seconds(1)).IsActive();
        Assert.Equal(Availability.Available, story.Records.ViewOf(Alice).Availability);
    }

    private static Story Started(PresenceStatus sessions)
    {
        var story = new Story();
        if (sessions != PresenceStatus.Offline)
        {
            story.Connects();
        }

        if (sessions == PresenceStatus.Away)
        {
            story.IsSweptWhenDue();
        }

        Assert.Equal(sessions, story.Status);
        return story;
    }

    private static void Choose(Story story, ChosenAvailability? availability, ChoiceSource source)
    {
        if (availability is { } chosen)
        {
            story.Happens(new Chosen(source, new(chosen)));
        }
    }
}
