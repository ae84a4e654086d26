using System.Globalization;

namespace Presence.Tests.Infra;

/// <summary>docs/costs.md, as its tables are read.</summary>
internal sealed class CostDocument
{
    private readonly string[] _lines;

    private CostDocument(string[] lines)
    {
        _lines = lines;
        Constants = lines
            .Select(Cells)
            .Where(cells => cells is [['`', .., '`'], _, ..])
            .ToDictionary(cells => cells[0].Trim('`'), cells => double.Parse(cells[1], NumberStyles.Number, CultureInfo.InvariantCulture));
    }

    /// <summary>Every row whose first cell is a name in code style: the name and its value.</summary>
    public IReadOnlyDictionary<string, double> Constants { get; }

    public static CostDocument Read() => new(File.ReadAllLines(Repository.PathOf("docs", "costs.md")));

    /// <summary>The rows of the first table after a heading, without its head.</summary>
    public IReadOnlyList<string> TableAfter(string heading) =>
    [
        .. _lines.SkipWhile(line => line != heading).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => string.Join(" | ", Cells(line))),
    ];

    private static string[] Cells(string line) => line.StartsWith('|') ? [.. line.Trim().Trim('|').Split('|').Select(c => c.Trim())] : [];
}
