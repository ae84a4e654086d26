using System.Globalization;

namespace Presence.Tests.Infra;

/// <summary>docs/costs.md, or another page of its kind, as its tables are read.</summary>
internal sealed class CostDocument
{
    /// <summary>Set to 1, a page whose tables say something else is written anew instead of refused.</summary>
    private const string Update = "PRESENCE_UPDATE_DOCS";

    private readonly string _name;
    private readonly List<string> _lines;

    private CostDocument(string name, string[] lines)
    {
        _name = name;
        _lines = [.. lines];
        Constants = lines
            .Select(Cells)
            .Where(cells => cells is [['`', .., '`'], _, ..] && double.TryParse(cells[1], CultureInfo.InvariantCulture, out _))
            .ToDictionary(cells => cells[0].Trim('`'), cells => double.Parse(cells[1], NumberStyles.Number, CultureInfo.InvariantCulture));
    }

    /// <summary>Every row whose first cell is a name in code style: the name and its value.</summary>
    public IReadOnlyDictionary<string, double> Constants { get; }

    public static CostDocument Read(string name = "costs.md") => new(name, File.ReadAllLines(Repository.PathOf("docs", name)));

    /// <summary>The rows of the first table after a heading, without its head.</summary>
    public IReadOnlyList<string> TableAfter(string heading)
    {
        var (first, count) = Rows(heading);
        return [.. _lines.GetRange(first, count).Select(line => string.Join(" | ", Cells(line)))];
    }

    /// <summary>Holds the first table after a heading to its rows.</summary>
    public void MustSay(string heading, IEnumerable<string> rows)
    {
        var expected = rows.ToList();
        var isSaid = expected.SequenceEqual(TableAfter(heading));
        if (!isSaid && Environment.GetEnvironmentVariable(Update) == "1")
        {
            var (first, count) = Rows(heading);
            _lines.RemoveRange(first, count);
            _lines.InsertRange(first, expected.Select(Line));
            File.WriteAllText(Repository.PathOf("docs", _name), string.Join('\n', _lines) + "\n");
            return;
        }

        Assert.True(isSaid, $"Under '{heading}', docs/{_name} must say ({Update}=1 writes it):\n{string.Join('\n', expected.Select(Line))}");
    }

    private (int First, int Count) Rows(string heading)
    {
        var head = _lines.FindIndex(_lines.IndexOf(heading), line => line.StartsWith('|'));
        var end = _lines.FindIndex(head, line => !line.StartsWith('|'));
        return (head + 2, (end < 0 ? _lines.Count : end) - head - 2);
    }

    private static string Line(string row) => $"| {row} |";

    private static string[] Cells(string line) => line.StartsWith('|') ? [.. line.Trim().Trim('|').Split('|').Select(c => c.Trim())] : [];
}
