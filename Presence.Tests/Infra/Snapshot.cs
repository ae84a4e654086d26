using System.Text.Json.Nodes;

namespace Presence.Tests.Infra;

/// <summary>The resources that a deployment would make.</summary>
internal sealed class Snapshot(JsonNode json)
{
    public IReadOnlyList<JsonObject> Resources { get; } = [.. json["predictedResources"]!.AsArray().Select(r => r!.AsObject())];

    public JsonObject Outputs { get; } = json["outputs"]!.AsObject();

    public IEnumerable<JsonObject> OfType(string type) =>
        Resources.Where(r => string.Equals(r["type"]!.GetValue<string>(), type, StringComparison.OrdinalIgnoreCase));

    public JsonObject Only(string type) => Assert.Single(OfType(type));

    /// <summary>The properties of the only resource of a type.</summary>
    public JsonNode Properties(string type) => Only(type)["properties"]!;

    /// <summary>The app settings of the function app.</summary>
    public IReadOnlyDictionary<string, string> AppSettings => Properties("Microsoft.Web/sites")["siteConfig"]!["appSettings"]!.AsArray()
        .ToDictionary(s => s!["name"]!.GetValue<string>(), s => s!["value"]!.GetValue<string>());
}
