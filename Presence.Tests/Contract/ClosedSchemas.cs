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

    /// <summary>Schemas find each other in registries that take no two callers at once, the one of all documents among them.</summary>
    private static readonly Lock OneAtATime = new();

    private static readonly EvaluationOptions Evaluation = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly BuildOptions _build = new() { SchemaRegistry = new() };
    private readonly Dictionary<string, JsonSchema> _ready = [];
    private readonly string _id;

    public ClosedSchemas(string id, JsonObject document)
    {
        _id = id;
        lock (OneAtATime)
        {
            JsonSchema.FromText(
                Closed(new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["$id"] = id, ["$defs"] = document["components"]!["schemas"]!.DeepClone() }),
                _build);
        }
    }

    /// <summary>What is wrong with a value, for people; null for nothing.</summary>
    /// <param name="schema">A schema of the document.</param>
    /// <param name="value">The value.</param>
    public string? FindFault(JsonObject schema, JsonElement value)
    {
        lock (OneAtATime)
        {
            var result = Ready(schema.ToJsonString()).Evaluate(value, Evaluation);
            return result.IsValid
                ? null
                : string.Join("; ", (result.Details ?? []).Where(d => d.Errors is { Count: > 0 }).SelectMany(d => d.Errors!.Values.Select(error => $"{d.InstanceLocation}: {error}")).Distinct());
        }
    }

    private JsonSchema Ready(string text)
    {
        if (!_ready.TryGetValue(text, out var ready))
        {
            _ready[text] = ready = JsonSchema.FromText(Closed(JsonNode.Parse(text)!.AsObject()), _build);
        }

        return ready;
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
