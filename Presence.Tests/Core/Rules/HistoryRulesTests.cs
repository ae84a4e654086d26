using Presence.Core.Domain;
using Presence.Core.Rules;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Rules;

public class HistoryRulesTests
{
    private static readonly DateOnly Day = new(2030, 1, 1);

    private static readonly DateTimeOffset Midnight = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void LeavingEndsTheSessionThatComingBegan()
    {
        var story = Kept();
        Assert.Null(story.IsActive().Finished);
        story.Passes(Seconds(100));
        Assert.Null(story.Connects().Finished);
        story.Passes(Seconds(100));

        Assert.Equal(new Session(Start, Start + Seconds(200)), story.SignsOut().Finished);
        Assert.Null(story.SignsOut().Finished);
    }

    [Fact]
    public void WhomTimeTakesAwayIsShownUntilThatMoment()
    {
        var story = Kept();
        story.IsActive();

        Assert.Equal(new Session(Start, Start + TimeSpan.FromMinutes(5)), story.IsSweptWhenDue().Finished);
    }

    [Fact]
    public void TurningAwayOrComingBackOnAnotherConnectionEndsNone()
    {
        var story = Kept();
        story.Connects();
        Assert.Null(story.IsSweptWhenDue().Finished);
        Assert.Equal(PresenceStatus.Away, story.Status);
        story.Passes(Seconds(10));
        Assert.Null(story.Disconnects().Finished);
        Assert.Null(story.Connects(OtherConnection).Finished);
        var left = story.Passes(Seconds(5)).SignsOut();

        Assert.Equal(Start, left.Finished!.Value.Start);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GoingUnseenEndsItAndBeingSeenAgainBeginsAnother(bool hides)
    {
        var story = Kept();
        story.Connects();
        story.Passes(Seconds(20));
        Assert.Equal(new Session(Start, Start + Seconds(20)), story.Happens(Unseen(hides, true)).Finished);
        story.Passes(Seconds(20));
        Assert.Null(story.IsActive().Finished);
        Assert.Null(story.Happens(Unseen(hides, false)).Finished);
        story.Passes(Seconds(20));

        Assert.Equal(new Session(Start + Seconds(40), Start + Seconds(60)), story.SignsOut().Finished);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoComesAndLeavesUnseenHasNone(bool hides)
    {
        var story = Kept();
        story.Happens(Unseen(hides, true));
        story.IsActive();
        story.Passes(Seconds(20));

        Assert.Null(story.SignsOut().Finished);
    }

    [Fact]
    public void WithoutRetentionAndOfTheErasedNoneIsKept()
    {
        var (off, erased) = (new Story(), Kept());
        off.IsActive();
        erased.IsActive();

        Assert.Null(off.Passes(Seconds(20)).SignsOut().Finished);
        Assert.Null(erased.Passes(Seconds(20)).Happens(new Erased()).Finished);
        Assert.Equal(PresenceStatus.Offline, erased.Status);
    }

    [Fact]
    public void OneThatWasOverBeforeItBeganByClocksThatDifferIsNone()
    {
        var story = Kept();
        story.IsActive();

        Assert.Null(story.Passes(-Seconds(1)).SignsOut().Finished);
    }

    /// <summary>What others are shown is looked at from outside; what is kept must be that, whatever happens in which order.</summary>
    [Fact]
    public void WhatIsKeptIsWhatOthersWereShown()
    {
        var first = Random.Shared.Next(1_000_000);
        for (var seed = first; seed < first + 2_000; seed++)
        {
            var (random, story) = (new Random(seed), Kept());
            List<Session> shown = [], kept = [];
            DateTimeOffset? since = null;
            for (var step = 0; step < 60; step++)
            {
                story.Passes(TimeSpan.FromMilliseconds(random.Next(2) == 0 ? random.Next(1, 20_000) : random.Next(1, 900_000)));
                var decision = Next(random, story);
                kept.AddRange(decision.Finished is { } finished ? [finished] : []);
                if (story.Status != PresenceStatus.Offline)
                {
                    since ??= story.Now;
                }
                else if (since is { } start)
                {
                    shown.Add(new(start, story.Now));
                    since = null;
                }
            }

            Assert.True(shown.SequenceEqual(kept), $"seed {seed}: shown {string.Join(' ', shown)}, kept {string.Join(' ', kept)}");
        }
    }

    [Fact]
    public void ASessionStandsOnTheDayOfItsLastMoment()
    {
        Assert.Equal(Day.AddDays(-1), HistoryRules.DayOf(new Session(Midnight - Seconds(60), Midnight)));
        Assert.Equal(Day, HistoryRules.DayOf(new Session(Midnight - Seconds(60), Midnight + Seconds(0.001))));
        Assert.Equal(Day, HistoryRules.DayOf(new Session(Midnight.AddDays(-40), Midnight.AddDays(1))));
    }

    [Fact]
    public void ItIsNamedForTheSixMinutesInWhichItBegan()
    {
        Assert.Equal(TimeSpan.FromMinutes(6), HistoryRules.SlotLength);
        Assert.Null(HistoryRules.SlotOf(new(Midnight - Seconds(0.001), Midnight + Seconds(5))));
        Assert.Equal(0, HistoryRules.SlotOf(new(Midnight, Midnight + Seconds(5))));
        Assert.Equal(0, HistoryRules.SlotOf(new(Midnight + Seconds(359.999), Midnight + TimeSpan.FromHours(5))));
        Assert.Equal(1, HistoryRules.SlotOf(new(Midnight + Seconds(360), Midnight + TimeSpan.FromHours(5))));
        Assert.Equal(239, HistoryRules.SlotOf(new(Midnight.AddDays(1) - Seconds(2), Midnight.AddDays(1))));
    }

    /// <summary>However many sessions there are: few enough properties, and nothing is lost but what lay within six minutes, and was followed there by another.</summary>
    [Fact]
    public void OnlyWhatLiesWithinSixMinutesIsLost()
    {
        var seed = Random.Shared.Next(1_000_000);
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            var longest = random.Next(5, 100_000) * 1_000;
            List<Session> sessions = [];
            for (var at = Midnight - TimeSpan.FromHours(random.Next(60)); at < Midnight.AddDays(1);)
            {
                var end = at + TimeSpan.FromMilliseconds(random.Next(1, longest));
                sessions.Add(new(at, end));
                at = end + TimeSpan.FromMilliseconds(random.Next(1, longest));
            }

            foreach (var day in sessions.GroupBy(HistoryRules.DayOf))
            {
                var kept = day.GroupBy(HistoryRules.SlotOf).Select(slot => slot.Last()).ToList();
                Assert.True(kept.Count <= HistoryRules.Slots + 1, $"seed {seed}: {kept.Count}");
                foreach (var lost in day.Except(kept))
                {
                    var next = sessions[sessions.IndexOf(lost) + 1];
                    Assert.True(lost.Length < TimeSpan.FromMinutes(6) && next.Start - lost.Start < TimeSpan.FromMinutes(6), $"seed {seed}: {lost}");
                }
            }
        }
    }

    [Fact]
    public void MonthsAreThoseOfTheDays()
    {
        Assert.Equal([new(2030, 1, 1)], HistoryRules.MonthsOf(new(2030, 1, 1), new(2030, 1, 31)));
        Assert.Equal([new(2029, 12, 1), new(2030, 1, 1), new(2030, 2, 1)], HistoryRules.MonthsOf(new(2029, 12, 31), new(2030, 2, 1)));
        Assert.Empty(HistoryRules.MonthsOf(new(2030, 1, 20), new(2030, 1, 19)));
    }

    [Fact]
    public void AnHourOfAConversationHasItsPeakAndTheTimeOfAll()
    {
        var hour = Midnight.AddHours(9);
        ConversationCount[] counts = [new(hour.AddMinutes(3), 2), new(hour.AddMinutes(59), 5), new(hour.AddMinutes(60), 1)];

        Assert.Equal([new(hour, 5, 7), new(hour.AddHours(1), 1, 1)], HistoryRules.HoursOf(counts, TimeSpan.FromMinutes(1)));
        Assert.Equal([new(hour, 5, 35), new(hour.AddHours(1), 1, 5)], HistoryRules.HoursOf(counts.Reverse(), TimeSpan.FromMinutes(5)));
    }

    private static Decision Next(Random random, Story story) => random.Next(14) switch
    {
        0 or 1 => story.IsActive(),
        2 => story.Connects($"c{random.Next(3)}-{story.Now.Ticks}"),
        3 when story.Records.Connections.Open is { IsEmpty: false } open => story.Disconnects(open[random.Next(open.Length)].Id),
        4 => story.SignsOut(),
        5 => story.Happens(Unseen(hides: false, isUnseen: true)),
        6 => story.Happens(Unseen(hides: false, isUnseen: false)),
        7 => story.Happens(Unseen(hides: true, random.Next(2) == 0)),
        8 => story.Happens(new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible, Until: story.Now + Seconds(random.Next(1, 900))))),
        9 => story.Happens(new PrivacyChosen(IsHidden: null, (LastSeenPrecision)random.Next(3))),
        10 => story.IsHeard(story.Now - Seconds(random.Next(300))),
        11 => story.Happens(new Banned(random.Next(3) == 0 ? story.Now + Seconds(random.Next(1, 900)) : null)),
        _ => story.IsSwept(),
    };

    private static PresenceEvent Unseen(bool hides, bool isUnseen) => hides
        ? new PrivacyChosen(isUnseen, LastSeen: null)
        : new Chosen(ChoiceSource.User, isUnseen ? new(ChosenAvailability.Invisible) : null);

    private static Story Kept() => new(o => o.HistoryRetention = TimeSpan.FromDays(30));
}
