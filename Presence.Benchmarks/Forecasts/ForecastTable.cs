using System.Globalization;
using System.Text;

namespace Presence.Benchmarks.Forecasts;

/// <summary>What was tried, as tables of the page about forecasts.</summary>
internal static class ForecastTable
{
    private const string Begin = "<!-- figures: written by the benchmark -->\n";
    private const string End = "<!-- end of figures -->";

    /// <summary>The page with these tables in their place.</summary>
    /// <exception cref="InvalidDataException">The page has no place for them.</exception>
    public static string Into(string page, string tables) =>
        page.Split(Begin) is [var before, var rest] && rest.Split(End) is [_, var after]
            ? $"{before}{Begin}{tables}{End}{after}"
            : throw new InvalidDataException($"The page needs a line '{Begin.Trim()}', and after it one '{End}'.");

    public static string Write(IReadOnlyList<Trial> trials)
    {
        List<string> models = [.. Rival.All.Select(rival => rival.Name), Trial.Ours, Trial.Told, Trial.Oracle];
        var text = new StringBuilder($"| kind | {string.Join(" | ", models)} | told |\n|---|{string.Concat(models.Select(_ => "---:|"))}---:|\n");
        foreach (var trial in trials)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {trial.Kind.Name}{(trial.Kind.IsTuned ? "" : " (test)")} | {Cells(models, trial.Scores)} | {Share(trial.Forecasts.Told, trial.Forecasts.All)} |\n");
        }

        foreach (var (name, some) in new[] { ("**tuned on**", trials.Where(trial => trial.Kind.IsTuned)), ("**test**", trials.Where(trial => !trial.Kind.IsTuned)) })
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Cells(models, Together(some))} | {Share(some.Sum(trial => trial.Forecasts.Told), some.Sum(trial => trial.Forecasts.All))} |\n");
        }

        text.Append("\n| kind | calibration error, all | calibration error, told | usual hours a week | here in them |\n|---|---:|---:|---:|---:|\n");
        foreach (var trial in trials)
        {
            var told = trial.Scores.GetValueOrDefault(Trial.Told);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {trial.Kind.Name}{(trial.Kind.IsTuned ? "" : " (test)")} | {Number(trial.Scores[Trial.Ours].CalibrationError)} | {(told is null ? "–" : Number(told.CalibrationError))} | "
                + $"{(told is null ? "–" : One(trial.UsualHours.Told / trial.Forecasts.Told))} | {(trial.UsualHours.Told == 0 ? "–" : Share(trial.UsualHours.Came, trial.UsualHours.Told))} |\n");
        }

        return text.ToString();
    }

    /// <summary>The scores of several kinds, hour for hour.</summary>
    public static Dictionary<string, Score> Together(IEnumerable<Trial> trials)
    {
        Dictionary<string, Score> all = [];
        foreach (var (model, score) in trials.SelectMany(trial => trial.Scores))
        {
            (all.TryGetValue(model, out var sum) ? sum : all[model] = new()).Add(score);
        }

        return all;
    }

    private static string Cells(IEnumerable<string> models, Dictionary<string, Score> scores) =>
        string.Join(" | ", models.Select(model => scores.TryGetValue(model, out var score) ? Percent(score.Skill) : "–"));

    private static string Percent(double share) => (100 * share).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    private static string Share(double part, double whole) => whole == 0 ? "–" : (100 * part / whole).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string One(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
