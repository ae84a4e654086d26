using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Presence.Tests.Contract;

/// <summary>
/// The schemas of a document, for a validator that is not ours. They are closed: clients are to pass over fields that they do not know, but what is
/// tested must not have any. Each is made ready once.
/// </summary>
internal sealed class ClosedSchemas
{
    private const string Place = "#/components/schemas/";

    private static readonly EvaluationOptions Evaluation = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly BuildOptions _build = new() { SchemaRegistry = new() };
    private readonly ConcurrentDictionary<string, Lazy<JsonSchema>> _ready = new();
    private readonly string _id;

    public ClosedSchemas(string id, JsonObject document)
    {
        _id = id;
        JsonSchema.FromText(
            Closed(new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["$id"] = id, ["$defs"] = document["components"]!["schemas"]!.DeepClone() }),
            _build);
    }

    /// <summary>What is wrong with a value, for people; null for nothing.</summary>
    /// <param name="schema">A schema of the document.</param>
    /// <param name="value">The value.</param>
    public string? FindFault(JsonObject schema, JsonElement value)
    {
        var ready = _ready.GetOrAdd(schema.ToJsonString(), text => new(() => JsonSchema.FromText(Closed(JsonNode.Parse(text)!.AsObject()), _build))).Value;
        var result = ready.Evaluate(value, Evaluation);
        return result.IsValid
            ? null
            : string.Join("; ", (result.Details ?? []).Where(d => d.Errors is { Count: > 0 }).SelectMany(d => d.Errors!.Values.Select(error => $"{d.InstanceLocation}: {error}")).Distinct());
    }

    private string Closed(JsonObject schema)
    {
        Close(schema);
        return schema.ToJsonString().Replace(Place, $"{_id}#/$defs/", StringComparison.Ordinal);
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var one in list)
            {
                Close(one);
            }
        }
        else if (node is JsonObject schema)
        {
            foreach (var (_, part) in schema)
            {
                Close(part);
            }

            if (schema["type"] is JsonValue type && type.TryGetValue<string>(out var name) && name == "object" && schema["properties"] is JsonObject)
            {
                schema.TryAdd("additionalProperties", false);
            }
        }
    }
}
