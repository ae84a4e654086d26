using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Presence.Tests.Contract;

/// <summary>The document of the routes, as those read it who hold answers and requests to it.</summary>
internal sealed class OpenApiContract
{
    private static readonly Lazy<OpenApiContract> FromFile = new(() => new(ContractFiles.Read(ContractFiles.OpenApi)));

    private readonly JsonObject _document;

    public OpenApiContract(JsonObject document)
    {
        _document = document;
        Schemas = new("https://presence.test/openapi", document);
        Operations = [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => Described(path.Key, method.Key, method.Value!.AsObject())))];
    }

    /// <summary>The one of the sources.</summary>
    public static OpenApiContract Current => FromFile.Value;

    public ClosedSchemas Schemas { get; }

    public IReadOnlyList<DescribedOperation> Operations { get; }

    /// <summary>The operation that a request is about; null for none.</summary>
    public DescribedOperation? Find(string method, string path) =>
        Operations.Where(o => o.Method == method && o.Match(path) is not null).MinBy(o => o.Openness);

    /// <summary>Whether there is such a path at all.</summary>
    public bool HasPath(string path) => Operations.Any(o => o.Match(path) is not null);

    /// <summary>An answer that is described once for all.</summary>
    public JsonObject Response(string name) => _document["components"]!["responses"]![name]!.AsObject();

    /// <summary>What an operation answers with a status; null for nothing.</summary>
    public JsonObject? Response(DescribedOperation operation, int status) =>
        operation.Responses[status.ToString(CultureInfo.InvariantCulture)] is { } response ? Resolved(response) : null;

    /// <summary>The headers of an answer, by their names.</summary>
    public IReadOnlyDictionary<string, JsonObject> HeadersOf(JsonObject response) =>
        (response["headers"]?.AsObject() ?? []).ToDictionary(header => header.Key, header => Resolved(header.Value!), StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with a text that stands in a path, a query or a header; null for nothing.</summary>
    public string? FindFaultInText(JsonObject schema, string text) => Schemas.FindFault(schema, Value(schema, text));

    private JsonElement Value(JsonObject schema, string text) => Resolved(schema)["type"]?.GetValue<string>() switch
    {
        "integer" when long.TryParse(text, CultureInfo.InvariantCulture, out var number) => JsonSerializer.SerializeToElement(number),
        "array" => JsonSerializer.SerializeToElement(text.Split(',', StringSplitOptions.RemoveEmptyEntries)),
        _ => JsonSerializer.SerializeToElement(text),
    };

    private DescribedOperation Described(string path, string method, JsonObject operation)
    {
        var schemes = operation["security"]!.AsArray().Select(scheme => scheme!.AsObject().Single().Key).ToList();
        return new(
            operation["operationId"]!.GetValue<string>(),
            method.ToUpperInvariant(),
            path,
            operation["responses"]!.AsObject(),
            [.. (operation["parameters"]?.AsArray() ?? []).Select(parameter => Resolved(parameter!))],
            operation["requestBody"]?.AsObject(),
            IsOfBackend: schemes.Contains("functionKey"),
            IsOpen: schemes.Count == 0);
    }

    private JsonObject Resolved(JsonNode node) => node["$ref"]?.GetValue<string>() is { } reference
        ? reference[2..].Split('/').Aggregate((JsonNode)_document, (part, step) => part[step] ?? throw new InvalidOperationException($"{reference} leads nowhere.")).AsObject()
        : node.AsObject();
}
