using System.Globalization;
using System.Text.Json.Nodes;

namespace Presence.Tests.Contract;

/// <summary>Schemas in words, for people.</summary>
internal static class SchemaText
{
    /// <summary>A heading, what the schema is, and a table of its fields.</summary>
    public static IEnumerable<string> Section(string name, JsonObject schema)
    {
        var required = (schema["required"]?.AsArray() ?? []).Select(one => one!.GetValue<string>()).ToHashSet();
        var isRequest = schema["additionalProperties"] is not null;
        IEnumerable<string> fields = schema["properties"] is JsonObject { Count: > 0 } properties
            ?
            [
                "| field | | |",
                "|---|---|---|",
                .. properties.Select(p => Row(
                    $"`{p.Key}`",
                    Kind(p.Value!.AsObject()) + (required.Contains(p.Key) ? isRequest ? "; required" : "" : isRequest ? "" : "; may be left out"),
                    p.Value!["description"]?.GetValue<string>() ?? "")),
                "",
            ]
            : schema["properties"] is null && schema["type"]?.ToString() != "object" ? [Kind(schema) + ".", ""] : [];
        return [$"### {name}", "", schema["description"]!.GetValue<string>(), "", .. fields];
    }

    /// <summary>A row of a table.</summary>
    public static string Row(params string[] cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |".Replace("|  |", "| |", StringComparison.Ordinal);

    /// <summary>A link to the section of a schema.</summary>
    public static string Link(JsonNode reference) => reference["$ref"]!.GetValue<string>().Split('/')[^1] is var name ? $"[{name}](#{name.ToLowerInvariant()})" : "";

    /// <summary>What a value may be.</summary>
    public static string Kind(JsonObject schema)
    {
        if (schema.ContainsKey("$ref"))
        {
            return Link(schema);
        }

        if ((schema["anyOf"] ?? schema["allOf"]) is JsonArray several)
        {
            return string.Join(" or ", several.Select(one => Kind(one!.AsObject())));
        }

        if (schema["const"] is { } constant)
        {
            return $"`{constant.ToJsonString()}`";
        }

        var types = schema["type"] switch
        {
            JsonArray list => list.Select(type => type!.GetValue<string>()).ToList(),
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
        var kind = schema["enum"] is JsonArray words
            ? string.Join(", ", words.Where(word => word is not null).Select(word => $"`{word}`"))
            : string.Concat(types.Where(type => type != "null").Select(type => KindOf(type, schema)));
        return (kind, types.Contains("null")) switch
        {
            ("", true) => "null",
            ("", false) => "any JSON",
            (_, true) => kind + " or null",
            _ => kind,
        };
    }

    private static string KindOf(string type, JsonObject schema) => type switch
    {
        "string" when schema["format"] is not null => "moment",
        "string" => "text" + Range(schema, "minLength", "maxLength", " characters"),
        "integer" => "whole number" + Range(schema, "minimum", "maximum", ""),
        "number" => "number" + Range(schema, "minimum", "maximum", ""),
        "boolean" => "true or false",
        "array" => $"array of {Kind(schema["items"]!.AsObject())}" + Range(schema, "minItems", "maxItems", ""),
        _ => type,
    };

    private static string Range(JsonObject schema, string least, string most, string unit) => (Number(schema[least]), Number(schema[most])) switch
    {
        (null or "0", null) => "",
        (null or "0", { } end) => $", at most {end}{unit}",
        ({ } begin, null) => $", at least {begin}{unit}",
        ({ } begin, { } end) => $", {begin} to {end}{unit}",
    };

    private static string? Number(JsonNode? node) => node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
}
