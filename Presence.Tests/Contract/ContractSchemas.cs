using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Presence.Functions.Http;

namespace Presence.Tests.Contract;

/// <summary>
/// The JSON schemas of types, as the serializer that writes and reads them says: each type of ours once, by its name, and named by the others.
/// What is asked for and those it names are collected.
/// </summary>
internal sealed class ContractSchemas
{
    private const string Place = "#/components/schemas/";

    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);
    private readonly HashSet<Type> _seen = [];

    /// <summary>All that was asked for.</summary>
    public JsonObject ToJson() => new(_schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value.DeepClone())));

    /// <summary>The schema of what an answer or a message holds: fields may be added to it, and all of it that can be there is.</summary>
    public JsonObject OfAnswer(Type type) => Of(type, isRequest: false);

    /// <summary>The schema of what a request holds: no other fields, and those required that the functions miss.</summary>
    public JsonObject OfRequest(Type type) => Of(type, isRequest: true);

    /// <summary>A schema that no type stands for.</summary>
    public JsonObject Named(string name, JsonObject schema)
    {
        _schemas.TryAdd(name, schema);
        return JsonText.Reference(Place + name);
    }

    private JsonObject Of(Type type, bool isRequest)
    {
        if (_seen.Add(type))
        {
            _schemas.Add(type.Name, Write(type, isRequest));
        }

        return JsonText.Reference(Place + type.Name);
    }

    private JsonObject Write(Type type, bool isRequest)
    {
        var info = ApiJson.Default.Options.GetTypeInfo(type);
        var schema = info.GetJsonSchemaAsNode(new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(info, context, node, isRequest),
        }).AsObject();
        if (info.Kind == JsonTypeInfoKind.Object)
        {
            Describe(type, info, schema, isRequest);
        }

        var written = new JsonObject { ["description"] = Description(type) };
        foreach (var (name, value) in schema.ToList())
        {
            schema.Remove(name);
            written[name] = value;
        }

        return written;
    }

    private JsonNode Transform(JsonTypeInfo of, JsonSchemaExporterContext context, JsonNode node, bool isRequest)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if ((type == of.Type && context.Path.IsEmpty) || !IsOurs(type))
        {
            return node is JsonValue ? new JsonObject() : node;
        }

        return IsNullable(node) ? new JsonObject { ["anyOf"] = new JsonArray(Of(type, isRequest), new JsonObject { ["type"] = "null" }) } : Of(type, isRequest);
    }

    private void Describe(Type type, JsonTypeInfo info, JsonObject schema, bool isRequest)
    {
        var properties = schema["properties"]?.AsObject() ?? [];
        foreach (var property in info.Properties.Where(p => properties.ContainsKey(p.Name)))
        {
            var member = ((System.Reflection.MemberInfo)property.AttributeProvider!).Name;
            var written = properties[property.Name]!.AsObject();
            written.Remove("default");
            if (!isRequest && !IsAlwaysWritten(property))
            {
                properties[property.Name] = written = WithoutNull(written);
            }

            FieldLimits.Apply(this, type, member, written);
            written["description"] = XmlComments.OfProperty(type, member)
                ?? throw new InvalidOperationException($"{type.Name}.{member} is a part of the contract: say in a comment of its own what it is.");
        }

        schema.Remove("additionalProperties");
        if (isRequest)
        {
            schema["additionalProperties"] = false;
        }

        schema.Remove("required");
        var required = info.Properties.Where(p => properties.ContainsKey(p.Name) && (isRequest ? RequestBody.IsRequired(p) : IsAlwaysWritten(p))).Select(p => p.Name).ToList();
        if (required.Count > 0)
        {
            schema["required"] = JsonText.Strings(required);
        }
    }

    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        !((System.Reflection.MemberInfo)property.AttributeProvider!).IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), inherit: false);

    /// <summary>What is left out where it would be null is never null.</summary>
    private static JsonObject WithoutNull(JsonObject schema)
    {
        if (schema["anyOf"] is JsonArray)
        {
            return schema["anyOf"]![0]!.DeepClone().AsObject();
        }

        schema["type"] = schema["type"]!.AsArray().Select(type => type!.GetValue<string>()).Single(type => type != "null");
        return schema;
    }

    private static string Description(Type type)
    {
        var text = XmlComments.OfType(type) ?? throw new InvalidOperationException($"{type.Name} is a part of the contract: say in a comment what it is.");
        return type.IsEnum
            ? string.Join(" ", Enum.GetNames(type).Select(name => $"`{JsonNamingPolicy.CamelCase.ConvertName(name)}`: {XmlComments.OfValue(type, name)}").Prepend(text))
            : text;
    }

    private static bool IsOurs(Type type) =>
        type.Namespace!.StartsWith(nameof(Presence), StringComparison.Ordinal) && (type.IsEnum || ApiJson.Default.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object);

    private static bool IsNullable(JsonNode node) =>
        (node["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"))
        || (node["enum"] is JsonArray values && values.Any(value => value is null));
}
