using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Presence.Functions.Http;
using Presence.Tests.Functions.Http;

namespace Presence.Tests.Contract;

/// <summary>Writes the routes as OpenAPI 3.1: from the declared functions, the types of their bodies, and <see cref="Operations"/>.</summary>
internal sealed class OpenApiWriter
{
    private const string Json = "application/json";

    private readonly ContractSchemas _schemas = new();
    private readonly OpenApiResponses _responses;

    private OpenApiWriter() => _responses = new OpenApiResponses(_schemas);

    /// <summary>The document.</summary>
    public static JsonObject Write() => new OpenApiWriter().Document();

    private JsonObject Document()
    {
        var paths = new JsonObject();
        foreach (var operation in Operations.All)
        {
            var function = DeclaredFunctions.WithMethods.SingleOrDefault(f => f.Name == operation.Function)
                ?? throw new InvalidOperationException($"{operation.Function} is described, but declared nowhere.");
            var path = "/" + (operation.Path ?? function.Route);
            var item = paths[path]?.AsObject() ?? (paths[path] = new JsonObject()).AsObject();
            foreach (var method in function.Methods)
            {
                item[method.ToLowerInvariant()] = Describe(operation, function, method);
            }
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Presence",
                ["version"] = "1.0.0",
                ["summary"] = "Who is online, away or gone.",
                ["description"] =
                    "Every path answers `OPTIONS` with its methods in `Allow`, and other methods with 405 (`#/components/responses/MethodNotAllowed`); an unknown path is 404 "
                    + "(`#/components/responses/NotFound`), and 400 where an id in it holds an encoded slash. Bodies are UTF-8, as they are; a missing or other `Content-Type` does not matter. "
                    + "Fields and messages may be added to answers; clients pass over those that they do not know. Messages are described in `/asyncapi.json`.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = new JsonArray([.. Operations.Tags.Select(tag => new JsonObject { ["name"] = tag.Key, ["description"] = tag.Value })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = SecuritySchemes(),
                ["parameters"] = new JsonObject(Parameters.OfActivity.Values.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Header(p)))),
                ["responses"] = _responses.ToJson(),
                ["headers"] = OpenApiResponses.Headers(),
                ["schemas"] = _schemas.ToJson(),
            },
        };
    }

    private JsonObject Describe(Operation operation, DeclaredFunction function, string method)
    {
        var isHead = method == "HEAD";
        var id = operation.Id ?? operation.Function;
        var written = new JsonObject
        {
            ["operationId"] = isHead ? id + "Head" : id,
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] = isHead ? operation.Summary + " (headers alone)" : operation.Summary,
        };
        if (operation.Description is { } description)
        {
            written["description"] = description;
        }

        written["security"] = Security(operation, function);
        if (OfParameters(operation, function) is { Count: > 0 } parameters)
        {
            written["parameters"] = parameters;
        }

        if (operation.Body is not null)
        {
            written["requestBody"] = OfBody(operation);
        }

        written["responses"] = _responses.Of(operation, function, isHead);
        return written;
    }

    private static JsonArray Security(Operation operation, DeclaredFunction function) =>
        operation.IsDocument || operation.IsOfHealth ? []
        : function.Level == AuthorizationLevel.Function ? [Named("functionKey"), Named("functionCode")]
        : [Named("bearer"), Named("session")];

    private static JsonObject Named(string scheme) => new() { [scheme] = new JsonArray() };

    private JsonArray OfParameters(Operation operation, DeclaredFunction function)
    {
        var parameters = new JsonArray();
        if (operation.Path is null)
        {
            foreach (var name in function.RouteParameters)
            {
                parameters.Add(Parameter(Parameters.InPaths[name], "path", isRequired: true));
            }
        }

        foreach (var parameter in operation.Query)
        {
            parameters.Add(Parameter(parameter, "query", parameter.IsRequired));
        }

        foreach (var name in operation.IsActivity ? Parameters.OfActivity.Keys : [])
        {
            parameters.Add(JsonText.Reference("#/components/parameters/" + name));
        }

        return parameters;
    }

    private JsonObject Parameter(Parameter parameter, string place, bool isRequired)
    {
        var written = new JsonObject { ["name"] = parameter.Name, ["in"] = place, ["description"] = parameter.Description };
        if (isRequired)
        {
            written["required"] = true;
        }

        var schema = parameter.Schema(_schemas);
        if (schema["type"]?.GetValue<string>() == "array")
        {
            (written["style"], written["explode"]) = ("form", false);
        }

        written["schema"] = schema;
        if (parameter.Example is { } example)
        {
            written["example"] = schema["type"]?.GetValue<string>() switch
            {
                "array" => JsonText.Strings(example.Split(',')),
                "integer" => int.Parse(example, CultureInfo.InvariantCulture),
                _ => example,
            };
        }

        return written;
    }

    private JsonObject Header(Parameter parameter) => Parameter(parameter, "header", isRequired: false);

    private JsonObject OfBody(Operation operation)
    {
        var schema = _schemas.OfRequest(operation.Body!);
        var isRequired = operation.MostEntries is not null
            || ApiJson.Default.Options.GetTypeInfo(operation.Body!).Properties.Any(RequestBody.IsRequired);
        if (operation.MostEntries is { } most)
        {
            schema = new() { ["type"] = "array", ["items"] = schema, ["minItems"] = 1, ["maxItems"] = most };
        }

        var content = new JsonObject { ["schema"] = schema };
        if (operation.Example is { } example)
        {
            content["example"] = JsonNode.Parse(example);
        }

        var written = new JsonObject
        {
            ["description"] = string.Create(
                CultureInfo.InvariantCulture,
                $"At most {operation.MaxBytes:N0} bytes{(operation.Body == typeof(NoFields) ? "; it takes no fields, and may be left out" : isRequired ? "" : "; may be left out")}."),
        };
        if (isRequired)
        {
            written["required"] = true;
        }

        written["content"] = new JsonObject { [Json] = content };
        return written;
    }

    private static JsonObject SecuritySchemes() => new()
    {
        ["bearer"] = new JsonObject
        {
            ["type"] = "http",
            ["scheme"] = "bearer",
            ["bearerFormat"] = "JWT",
            ["description"] = "A token of the application's identity provider. A token without `iat` counts as issued now.",
        },
        ["session"] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "header",
            ["name"] = "X-Session-Token",
            ["description"] = "The session of a guest, which the application's backend has asked for.",
        },
        ["functionKey"] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "header",
            ["name"] = "x-functions-key",
            ["description"] = "A function key, for the application's backend alone.",
        },
        ["functionCode"] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "query",
            ["name"] = "code",
            ["description"] = "The same in the query.",
        },
    };
}
