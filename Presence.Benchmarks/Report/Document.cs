using System.Text;

namespace Presence.Benchmarks.Report;

/// <summary>What was measured, as Markdown.</summary>
internal static class Document
{
    private const string Head = """
        # Benchmarks

        Made by `dotnet run -c Release --project Presence.Benchmarks`; not written by hand. Counts of requests are exact and the same on any
        machine, but for bursts, whose calls race. Times are of one machine, with the peers beside them in the same run: compare within a table.
        """;

    public static string Write(string commit, string machine, IEnumerable<Section> sections)
    {
        var text = new StringBuilder(Head).Append('\n');
        text.Append($"\nCommit `{commit}`, on {machine}.\n");
        foreach (var section in sections)
        {
            Write(text, section);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Section section)
    {
        text.Append($"\n## {section.Title}\n\n{section.How}\n\n| what | figure | goal | met |\n|---|---|---|---|\n");
        foreach (var line in section.Lines)
        {
            text.Append($"| {Cell(line.What)} | {Cell(line.Figure)} | {Cell(line.Goal?.Text ?? "")} | {Met(line)} |\n");
        }
    }

    private static string Met(Line line) => line.IsMet switch
    {
        true => "yes",
        false => "**no**",
        null => "",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}
