using Presence.Core.Forecasting;

namespace Presence.Benchmarks.Forecasts;

/// <summary>What a kind of people came to: all models on the same weeks, each forecast from what was before it alone.</summary>
internal sealed class Trial
{
    public const string Ours = "ours, of all";
    public const string Told = "ours, of those told";
    public const string Oracle = "who knows all but the dice";

    private const int Weeks = 33;
    private const int Most = 26;

    private static readonly int[] Origins = [4, 6, 9, 13, 18, 25, 32];

    private Trial(Kind kind) => Kind = kind;

    public Kind Kind { get; }

    /// <summary>Of each model by its name.</summary>
    public Dictionary<string, Score> Scores { get; } = [];

    /// <summary>How many forecasts there were, and how many were told.</summary>
    public (int All, int Told) Forecasts { get; private set; }

    /// <summary>Of the hours told as usual, how many there were, and in how many the person was here.</summary>
    public (double Told, double Came) UsualHours { get; private set; }

    /// <summary>Tries so many people of each kind, all of whom are the population.</summary>
    public static List<Trial> All(int seed, int people)
    {
        var kinds = Kind.All.Select(kind => (Kind: kind, People: Enumerable.Range(0, people).Select(i => Person.Of(kind, (seed * 1000) + i, Weeks)).ToList())).ToList();
        List<Person> population = [.. kinds.SelectMany(kind => kind.People)];
        return [.. kinds.Select(kind => Of(kind.Kind, kind.People, population))];
    }

    /// <summary>Tries these people of a kind.</summary>
    public static Trial Of(Kind kind, List<Person> persons, List<Person> population)
    {
        var trial = new Trial(kind);
        var grid = HourGrid.Around(new(2025, 1, 5, 0, 0, 0, TimeSpan.Zero), 0, (Most + 1) * HourGrid.Week, TimeZoneInfo.Utc);
        foreach (var origin in Origins)
        {
            var all = MeanBefore(population, origin);
            foreach (var person in persons)
            {
                trial.Try(person, origin, all, grid.HoursOfWeek);
            }
        }

        return trial;
    }

    private static double[] MeanBefore(List<Person> persons, int origin)
    {
        var mean = new double[HourGrid.Week];
        foreach (var person in persons)
        {
            for (var i = 0; i < origin * HourGrid.Week; i++)
            {
                mean[i % HourGrid.Week] += person.Shares[i] / origin / persons.Count;
            }
        }

        return mean;
    }

    private void Try(Person person, int origin, double[] people, int[] hoursOfWeek)
    {
        var first = Math.Max(0, origin - Most) * HourGrid.Week;
        var (past, now) = (person.Shares.AsMemory(first..(origin * HourGrid.Week)), origin * HourGrid.Week);
        var shares = person.Shares.AsSpan(now, HourGrid.Week);
        var baseRate = past.Span.ToArray().Average();
        foreach (var rival in Rival.All)
        {
            Of(rival.Name).Add(rival.Forecast(past, people), baseRate, shares);
        }

        var forecast = HabitForecast.Of(past.Span, hoursOfWeek.AsSpan(0, past.Length + HourGrid.Week));
        var isTold = ForecastSkill.IsProven(forecast.Judged);
        Of(Ours).Add(forecast.Probabilities, baseRate, shares);
        Of(Oracle).Add(person.Truth.AsSpan(now, HourGrid.Week), baseRate, shares);
        Forecasts = (Forecasts.All + 1, Forecasts.Told + (isTold ? 1 : 0));
        if (!isTold)
        {
            return;
        }

        Of(Told).Add(forecast.Probabilities, baseRate, shares);
        foreach (var (from, until) in Core.Forecasting.UsualHours.Of(forecast.Probabilities))
        {
            UsualHours = (UsualHours.Told + until - from, UsualHours.Came + shares[from..until].ToArray().Sum());
        }
    }

    private Score Of(string model) => Scores.TryGetValue(model, out var score) ? score : Scores[model] = new();
}
