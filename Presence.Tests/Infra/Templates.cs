using System.Text.Json.Nodes;

namespace Presence.Tests.Infra;

/// <summary>Walks ARM templates.</summary>
internal static class Templates
{
    /// <summary>The template and all that are nested in it.</summary>
    public static IEnumerable<JsonNode> WithNested(JsonNode template) =>
        [template, .. ResourcesOf(template).Select(r => r["properties"]?["template"]).OfType<JsonNode>().SelectMany(WithNested)];

    public static IEnumerable<JsonObject> ResourcesOf(JsonNode template) => template["resources"] switch
    {
        JsonObject bySymbol => bySymbol.Select(r => r.Value!.AsObject()),
        JsonArray list => list.Select(r => r!.AsObject()),
        _ => [],
    };

    /// <summary>Each value with the names that lead to it.</summary>
    public static IEnumerable<(string Path, JsonNode? Value)> Values(JsonNode? node, string path = "") => node switch
    {
        JsonObject o => o.SelectMany(p => Values(p.Value, $"{path}/{p.Key}")),
        JsonArray a => a.SelectMany((item, i) => Values(item, $"{path}/{i}")),
        _ => [(path, node)],
    };
}
