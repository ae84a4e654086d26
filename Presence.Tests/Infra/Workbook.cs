using System.Text.Json;

namespace Presence.Tests.Infra;

/// <summary>The Azure Monitor workbook.</summary>
internal sealed class Workbook
{
    public const string TimeRange = "TimeRange";

    private Workbook(JsonElement root) => Root = root;

    public JsonElement Root { get; }

    public IEnumerable<JsonElement> Items => Root.GetProperty("items").EnumerateArray();

    public IEnumerable<JsonElement> Parameters =>
        Items.Where(item => Kind(item) == 9).SelectMany(item => item.GetProperty("content").GetProperty("parameters").EnumerateArray());

    public IEnumerable<WorkbookQuery> Queries =>
        Items.Where(item => Kind(item) == 3).Select(item => new WorkbookQuery(item.GetProperty("name").GetString()!, item.GetProperty("content")));

    public static Workbook Load() => new(JsonElement.Parse(InfraFiles.Dashboard("workbook.json")));

    public static int Kind(JsonElement item) => item.GetProperty("type").GetInt32();

    /// <summary>Puts parameters into a query as a workbook does: their text, and of the time range its grain and its ends.</summary>
    public string Substitute(string query)
    {
        query = query
            .Replace($"{{{TimeRange}:grain}}", "5m", StringComparison.Ordinal)
            .Replace($"{{{TimeRange}:start}}", "datetime(2026-01-01T00:00:00Z)", StringComparison.Ordinal)
            .Replace($"{{{TimeRange}:end}}", "datetime(2026-01-02T00:00:00Z)", StringComparison.Ordinal)
            .Replace($"{{{TimeRange}}}", "> ago(1d)", StringComparison.Ordinal);
        return Parameters.Where(parameter => parameter.GetProperty("name").GetString() != TimeRange).Aggregate(query, (text, parameter) =>
            text.Replace($"{{{parameter.GetProperty("name").GetString()}}}", parameter.GetProperty("value").GetString(), StringComparison.Ordinal));
    }
}
