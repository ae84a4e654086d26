namespace Presence.Benchmarks.Forecasts;

/// <summary>A kind of people: how one of them plans so many days, which are weekdays from a Sunday on.</summary>
/// <param name="Name">What they are called.</param>
/// <param name="IsTuned">Whether figures of the forecast were chosen by looking at them; else they are a test.</param>
/// <param name="Plan">Plans.</param>
internal sealed record Kind(string Name, bool IsTuned, Func<Random, int, List<Block>> Plan)
{
    private const double Day = 24;

    /// <summary>All there are.</summary>
    public static IReadOnlyList<Kind> All { get; } =
    [
        new("office hours, with holidays", true, Office),
        new("evening gamers", true, Evenings),
        new("constant rate", true, Constant),
        new("drifting hours", true, Drifting),
        new("sparse", true, Sparse),
        new("students", true, Students),
        new("shifts, weekly rota", false, WeeklyShifts),
        new("shifts, four on and four off", false, FourOnFourOff),
        new("night owls", false, NightOwls),
        new("in bursts of days, at any hour", false, Bursts),
        new("phone all day long", false, Phone),
        new("nearly always on", false, AlwaysOn),
    ];

    private static bool IsWeekend(int day) => day % 7 is 0 or 6;

    private static double Between(Random random, double least, double most) => least + ((most - least) * random.NextDouble());

    private static List<Block> Office(Random random, int days)
    {
        var (start, length, evening) = (Between(random, 7.5, 10), Between(random, 7.5, 9.5), Between(random, 0, 0.4));
        List<Block> plan = [];
        var holidayUntil = 0;
        for (var day = 0; day < days; day++)
        {
            if (day % 7 == 1 && random.NextDouble() < 0.07)
            {
                holidayUntil = day + random.Next(3, 15);
            }

            var at = day * Day;
            if (!IsWeekend(day) && day >= holidayUntil && random.NextDouble() < 0.96)
            {
                plan.Add(new(at + start, at + 12.3, 0.96));
                plan.Add(new(at + 13.1, at + start + length, 0.96));
            }

            plan.Add(new(at + 20, at + 21.5, evening) { Here = 0.3, Gone = 0.5 });
        }

        return plan;
    }

    private static List<Block> Evenings(Random random, int days)
    {
        var (start, end, chance) = (Between(random, 18, 20.5), Between(random, 22, 24.5), Between(random, 0.4, 0.8));
        List<Block> plan = [];
        for (var day = 0; day < days; day++)
        {
            var at = day * Day;
            plan.Add(new(at + start, at + end, chance) { Here = 1.5, Gone = 0.3 });
            if (IsWeekend(day))
            {
                plan.Add(new(at + 13.5, at + start, chance) { Jitter = 1, Here = 1.5, Gone = 0.7 });
            }
        }

        return plan;
    }

    private static List<Block> Constant(Random random, int days) =>
        [new(0, days * Day) { IsStationary = true, Here = Between(random, 0.2, 2), Gone = Between(random, 1, 8) }];

    private static List<Block> Drifting(Random random, int days)
    {
        var (start, length, drift, chance) = (Between(random, 7, 18), Between(random, 4, 8), Between(random, -0.06, 0.06), Between(random, 0.6, 0.9));
        List<Block> plan = [];
        for (var day = 0; day < days; day++)
        {
            // Now and then a new life.
            if (random.NextDouble() < 1 / 90d)
            {
                (start, length, chance) = (Between(random, 7, 18), Between(random, 4, 8), Between(random, 0.6, 0.9));
            }

            start += drift;
            plan.Add(new((day * Day) + start, (day * Day) + start + length, chance) { Here = 0.8, Gone = 0.4 });
        }

        return plan;
    }

    private static List<Block> Sparse(Random random, int days)
    {
        var (start, chance) = (Between(random, 8, 20), Between(random, 0.1, 0.35));
        return [.. Enumerable.Range(0, days).Select(day =>
            new Block((day * Day) + start, (day * Day) + start + 1.5, chance) { Jitter = 2.5, Here = 0.3, Gone = 0.3 })];
    }

    private static List<Block> WeeklyShifts(Random random, int days)
    {
        var phase = random.Next(3);
        double[] starts = [6, 14, 22];
        return
        [
            .. from day in Enumerable.Range(0, days)
               where !IsWeekend(day)
               let start = (day * Day) + starts[((day / 7) + phase) % 3]
               select new Block(start, start + 8, 0.93) { Here = 0.7, Gone = 0.35 },
        ];
    }

    private static List<Block> FourOnFourOff(Random random, int days)
    {
        var phase = random.Next(8);
        return
        [
            .. from day in Enumerable.Range(0, days)
               let place = (day + phase) % 8
               where place < 4
               let start = (day * Day) + (place < 2 ? 7 : 19)
               select new Block(start, start + 12, 0.95) { Here = 0.6, Gone = 0.4 },
        ];
    }

    private static List<Block> NightOwls(Random random, int days)
    {
        var (start, length, chance) = (Between(random, 21, 24), Between(random, 3, 6), Between(random, 0.5, 0.85));
        return
        [
            .. from day in Enumerable.Range(0, days)
               let isLong = day % 7 is 5 or 6
               let at = (day * Day) + start
               select new Block(at, at + length + (isLong ? 1.5 : 0), chance + (isLong ? 0.1 : 0)) { Jitter = 0.8 },
        ];
    }

    private static List<Block> Students(Random random, int days)
    {
        List<Block> plan = [];
        var timetable = new double[7][];
        var isBusy = true;
        for (var day = 0; day < days; day++)
        {
            if (day % (14 * 7) == 0)
            {
                for (var i = 0; i < 7; i++)
                {
                    timetable[i] = [.. Enumerable.Range(0, i is 0 or 6 ? 1 : random.Next(1, 4)).Select(_ => Between(random, 9, 21))];
                }
            }

            if (random.NextDouble() < 0.08)
            {
                isBusy = !isBusy;
            }

            var isTerm = day % (14 * 7) < 10 * 7;
            var chance = (isTerm ? 0.85 : 0.4) * (isBusy ? 1 : 0.5);
            plan.AddRange(timetable[day % 7].Select(start => new Block((day * Day) + start, (day * Day) + start + 2, chance) { Here = 0.5, Gone = 0.25 }));
        }

        return plan;
    }

    private static List<Block> Bursts(Random random, int days)
    {
        List<Block> plan = [];
        var isHere = true;
        for (var day = 0; day < days; day++)
        {
            isHere = random.NextDouble() < 0.2 ? !isHere : isHere;
            if (isHere)
            {
                plan.Add(new(day * Day, (day + 1) * Day) { IsStationary = true, Here = 1, Gone = 1.5 });
            }
        }

        return plan;
    }

    private static List<Block> Phone(Random random, int days)
    {
        var (up, down) = (Between(random, 6.5, 9), Between(random, 22, 24));
        return [.. Enumerable.Range(0, days).Select(day => new Block((day * Day) + up, (day * Day) + down, 0.97) { Jitter = 0.6, Here = 0.1, Gone = 0.8 })];
    }

    private static List<Block> AlwaysOn(Random random, int days) =>
        [new(0, days * Day) { IsStationary = true, Here = Between(random, 20, 60), Gone = Between(random, 1, 4) }];
}
