using Presence.Core.Analytics;
using Presence.Core.Domain;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Analytics;

public class DayFoldTests
{
    private static readonly DateOnly Day = new(2030, 1, 10);

    private static readonly DateTimeOffset Midnight = new(2030, 1, 10, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void OfNobodyNothingIsSummedUp()
    {
        var summary = new DayFold(Day).ToSummary();

        Assert.Equal((0, 0, 0, 0, null), (summary.Users, summary.Guests, summary.WeeklyUsers, summary.Peak, summary.PeakAt));
        Assert.Equal(new long[96], summary.PresentSeconds);
        Assert.Equal(0, summary.Lengths.Sessions);
    }

    [Fact]
    public void AUserIsActiveOnEachDayOfASession()
    {
        // From two days before until the day after; and another one who goes on since the day before.
        var summary = Fold((Alice, Hours(-40, 30)), (Bob, new(Midnight.AddHours(-1), DateTimeOffset.MaxValue)), (Guest, Hours(5, 6)));

        Assert.Equal((2, 1, 2), (summary.Users, summary.Guests, summary.WeeklyUsers));
        Assert.Equal((2, 2), (summary.DayBefore, summary.ReturnedAfterDay));
        Assert.Equal((3, Midnight.AddHours(5)), (summary.Peak, summary.PeakAt));
        Assert.Equal([1_800, 2_700], [summary.PresentSeconds[0], summary.PresentSeconds[20]]);
        Assert.Equal(1, summary.Lengths.Sessions);
    }

    [Fact]
    public void WhoReturnsIsCountedAgainstThoseOfTheDayBeforeAndOfTheWeekBefore()
    {
        var users = Users(5);
        var summary = Fold(
            (users[0], Hours(-24, -23)), (users[0], Hours(1, 2)),
            (users[1], Hours(-24, -23)),
            (users[2], Hours(-7 * 24, (-7 * 24) + 1)), (users[2], Hours(23, 24)),
            (users[3], Hours((-6 * 24) - 2, (-6 * 24) - 1)),
            (users[4], Hours(24, 25)));

        Assert.Equal((2, 3), (summary.Users, summary.WeeklyUsers));
        Assert.Equal((2, 1), (summary.DayBefore, summary.ReturnedAfterDay));
        Assert.Equal((2, 1), (summary.WeekBefore, summary.ReturnedAfterWeek));
    }

    [Fact]
    public void OneThatEndsWhileItIsReadCountsOnce()
    {
        var summary = Fold((Alice, new(Midnight, DateTimeOffset.MaxValue)), (Alice, Hours(0, 1)), (Bob, Hours(0, 1)));

        Assert.Equal((2, 2), (summary.Users, summary.Peak));
        Assert.Equal(2, summary.Lengths.Sessions);
    }

    /// <summary>Second by second and user by user, as slow as it is plain.</summary>
    [Fact]
    public void ItIsWhatCountingByHandComesTo()
    {
        var seed = Random.Shared.Next(1_000_000);
        var random = new Random(seed);
        for (var run = 0; run < 5; run++)
        {
            List<(PresenceKey User, Session Session)> sessions =
            [
                .. Enumerable.Range(0, 80).Select(i => (i % 5 == 0 ? PresenceKey.Anonymous($"g{random.Next(9)}") : PresenceKey.Registered($"u{random.Next(25)}"), Next(random))),
            ];
            var summary = Fold([.. sessions]);

            int Here(int second) => sessions.Count(one => one.Session.Start <= Midnight.AddSeconds(second) && one.Session.End > Midnight.AddSeconds(second));
            List<int> here = [.. Enumerable.Range(0, 86_400).Select(Here)];
            Assert.Equal((seed, here.Max()), (seed, summary.Peak));
            Assert.Equal((seed, Midnight.AddSeconds(here.IndexOf(here.Max()))), (seed, summary.PeakAt));
            Assert.Equal(here.Chunk(900).Select(quarter => (long)quarter.Sum()), summary.PresentSeconds);
            var active = Enumerable.Range(0, 8).Select(before => sessions
                .Where(one => !one.User.IsAnonymous && one.Session.Start < Midnight.AddDays(1 - before) && one.Session.End > Midnight.AddDays(-before))
                .Select(one => one.User).ToHashSet()).ToList();
            Assert.Equal(
                (seed, active[0].Count, active[..7].SelectMany(day => day).Distinct().Count(), active[1].Count, active[0].Intersect(active[1]).Count(), active[7].Count, active[0].Intersect(active[7]).Count()),
                (seed, summary.Users, summary.WeeklyUsers, summary.DayBefore, summary.ReturnedAfterDay, summary.WeekBefore, summary.ReturnedAfterWeek));
            Assert.Equal(sessions.Count(one => one.Session.End > Midnight && one.Session.End <= Midnight.AddDays(1)), summary.Lengths.Sessions);
        }
    }

    private static Session Next(Random random)
    {
        var start = Midnight.AddMilliseconds(random.Next(-8 * 86_400, 86_400 * 2) * 1_000L + random.Next(1_000));
        return new(start, start.AddMilliseconds(random.Next(1, random.Next(2) == 0 ? 7_200_000 : 200_000_000)));
    }

    private static DaySummary Fold(params (PresenceKey User, Session Session)[] sessions)
    {
        var fold = new DayFold(Day);
        foreach (var (user, session) in sessions)
        {
            fold.Add(user, session);
        }

        return fold.ToSummary();
    }

    private static Session Hours(double start, double end) => new(Midnight.AddHours(start), Midnight.AddHours(end));
}
