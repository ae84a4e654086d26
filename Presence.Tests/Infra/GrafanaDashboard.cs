using System.Text.Json;

namespace Presence.Tests.Infra;

/// <summary>The Grafana dashboard.</summary>
internal sealed class GrafanaDashboard
{
    private GrafanaDashboard(JsonElement root) => Root = root;

    public JsonElement Root { get; }

    public IReadOnlyList<GrafanaPanel> Panels => [.. Root.GetProperty("panels").EnumerateArray().Select(panel => new GrafanaPanel(panel))];

    public IEnumerable<JsonElement> Variables => Root.GetProperty("templating").GetProperty("list").EnumerateArray();

    public static GrafanaDashboard Load() => new(JsonElement.Parse(InfraFiles.Dashboard("grafana.json")));

    /// <summary>All queries, with the variables in them replaced as Grafana does.</summary>
    public IReadOnlyDictionary<string, string> Queries() => Panels
        .SelectMany(panel => panel.Targets.Select(target => (
            Name: $"{panel.Title} ({panel.Id}{target.GetProperty("refId").GetString()})",
            Text: Substitute(target.GetProperty("expr").GetString()!))))
        .ToDictionary(query => query.Name, query => query.Text);

    private string Substitute(string query)
    {
        query = query
            .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
            .Replace("$__range", "6h", StringComparison.Ordinal)
            .Replace("$job", "presence", StringComparison.Ordinal);
        return Variables.Where(variable => variable.GetProperty("type").GetString() == "textbox").Aggregate(query, (text, variable) =>
            text.Replace($"${variable.GetProperty("name").GetString()}", variable.GetProperty("query").GetString(), StringComparison.Ordinal));
    }
}
