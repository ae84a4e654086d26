using System.Text;

namespace Presence.Benchmarks.Report;

/// <summary>What was measured, as Markdown.</summary>
internal static class Document
{
    private const string Head = """
        # Benchmarks

        Made by `dotnet run -c Release --project Presence.Benchmarks`; not written by hand. Counts of requests are exact and the same on any
        machine, but for bursts, whose calls race. Times are of one machine, with the peers beside them in the same run: compare within a table.

        ```bash
        dotnet run -c Release --project Presence.Benchmarks -- http sweep          # some of it, shown and not written
        dotnet run -c Release --project Presence.Benchmarks -- counts              # the quick counts beside counts.json, as the gate does
        dotnet run -c Release --project Presence.Benchmarks -- forecast --update   # how good the forecast is: docs/forecast.md
        dotnet run -c Release --project Presence.Benchmarks -- load --url http://127.0.0.1:7071 --users 500 --connections 100
        dotnet run -c Release --project Presence.Benchmarks -- load --start 3 --restart-every 5m --users 500 --minutes 60
        ```

        `load` ends with checks: what was answered is what the hosts have counted, nothing went wrong but what was meant to, memory stayed flat.
        Redis and PostgreSQL are Debian's packages, installed where missing and run in directories of their own; socket.io is pinned by a lock file.
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
