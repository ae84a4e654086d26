using System.Globalization;
using System.Text;

namespace Presence.Benchmarks.Forecasts;

/// <summary>Draws what was tried: on the left the skill of each kind, on the right what came true of what was held.</summary>
internal static class ForecastPlot
{
    private const int Width = 900;
    private const int Row = 26;
    private const int Top = 50;
    private const int Zero = 290;
    private const int Unit = 220;
    private const int Square = 260;
    private const int SquareLeft = 600;

    private const string Style = """
        text{font:13px system-ui,sans-serif;fill:#222}.small{font-size:11px;fill:#555}.title{font-weight:600}.axis{stroke:#999}.bound{fill:#ccd5e3}
        .simple{fill:#d98c2b}.ours{fill:#2b6cb0}.line{fill:none;stroke:#2b6cb0;stroke-width:2}.test{stroke:#2f855a}.dot{fill:#2b6cb0}.testdot{fill:#2f855a}
        @media(prefers-color-scheme:dark){text{fill:#ddd}.small{fill:#aaa}.bound{fill:#3a4558}}
        """;

    public static string Draw(IReadOnlyList<Trial> trials)
    {
        var height = Math.Max(Top + (trials.Count * Row), Top + Square) + 40;
        var svg = new StringBuilder(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"Skill of the forecast by kind of people, and its calibration\">\n<style>{Style}</style>\n");
        Skill(svg, trials);
        Calibration(svg, trials);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Skill(StringBuilder svg, IReadOnlyList<Trial> trials)
    {
        Text(svg, 10, 20, "title", "Brier skill against the base rate, %");
        Text(svg, 10, 38, "small", "pale: the bound; blue: ours; orange: level × shape");
        for (var i = 0; i < trials.Count; i++)
        {
            var (trial, y) = (trials[i], Top + (i * Row));
            Text(svg, 10, y + 14, "small", trial.Kind.Name + (trial.Kind.IsTuned ? "" : " (test)"));
            Bar(svg, "bound", y, 18, trial.Scores[Trial.Oracle].Skill);
            Bar(svg, "ours", y + 2, 8, trial.Scores[Trial.Ours].Skill);
            Bar(svg, "simple", y + 10, 5, trial.Scores["level × shape"].Skill);
        }

        Line(svg, Zero, Top - 4, Zero, Top + (trials.Count * Row));
        for (var tick = 0; tick <= 100; tick += 25)
        {
            Text(svg, Zero + (tick * Unit / 100) - 6, Top + (trials.Count * Row) + 14, "small", tick.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What is worse than nothing by more than a little goes to the edge.</summary>
    private static void Bar(StringBuilder svg, string style, int y, int height, double skill)
    {
        var length = Math.Clamp(skill, -0.1, 1) * Unit;
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{Zero + Math.Min(0, length):0.#}\" y=\"{y}\" width=\"{Math.Abs(length):0.#}\" height=\"{height}\"/>\n");
    }

    private static void Calibration(StringBuilder svg, IReadOnlyList<Trial> trials)
    {
        Text(svg, SquareLeft, 20, "title", "Held, and come true");
        Text(svg, SquareLeft, 38, "small", "blue: kinds tuned on; green: test; of users told");
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"axis\" fill=\"none\" x=\"{SquareLeft}\" y=\"{Top}\" width=\"{Square}\" height=\"{Square}\"/>\n");
        Line(svg, SquareLeft, Top + Square, SquareLeft + Square, Top);
        Curve(svg, "line", "dot", trials.Where(trial => trial.Kind.IsTuned));
        Curve(svg, "line test", "testdot", trials.Where(trial => !trial.Kind.IsTuned));
        foreach (var tick in new[] { 0, 50, 100 })
        {
            Text(svg, SquareLeft + (tick * Square / 100) - 8, Top + Square + 14, "small", $"{tick} %");
        }
    }

    private static void Curve(StringBuilder svg, string line, string dot, IEnumerable<Trial> trials)
    {
        if (!ForecastTable.Together(trials).TryGetValue(Trial.Told, out var score))
        {
            return;
        }

        List<(double X, double Y)> points = [.. score.Calibration.Select(c => (SquareLeft + (c.Told * Square), Top + ((1 - c.Came) * Square)))];
        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{line}\" points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")))}\"/>\n");
        foreach (var (x, y) in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"{dot}\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3\"/>\n");
        }
    }

    private static void Text(StringBuilder svg, int x, int y, string style, string text) => svg.Append(CultureInfo.InvariantCulture, $"<text class=\"{style}\" x=\"{x}\" y=\"{y}\">{text}</text>\n");

    private static void Line(StringBuilder svg, int x1, int y1, int x2, int y2) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>\n");
}
