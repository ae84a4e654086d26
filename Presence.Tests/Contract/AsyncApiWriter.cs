using System.Text.Json.Nodes;

namespace Presence.Tests.Contract;

/// <summary>Writes the messages as AsyncAPI 3.0: from the types of their arguments, and <see cref="Messages"/>.</summary>
internal static class AsyncApiWriter
{
    private const string Channel = "connection";

    /// <summary>The document.</summary>
    public static JsonObject Write()
    {
        var schemas = new ContractSchemas();
        var (inChannel, operations, messages) = (new JsonObject(), new JsonObject(), new JsonObject());
        foreach (var message in Messages.All)
        {
            var name = NameOf(message);
            inChannel[name] = JsonText.Reference("#/components/messages/" + name);
            messages[name] = new JsonObject
            {
                ["name"] = message.Target,
                ["title"] = message.Target,
                ["summary"] = message.Summary,
                ["description"] = $"To: {message.Recipients} {message.Handling}",
                ["payload"] = message.Argument.GetElementType() is { } one
                    ? new() { ["type"] = "array", ["items"] = schemas.OfAnswer(one), ["minItems"] = 1 }
                    : schemas.OfAnswer(message.Argument),
            };
            operations[name] = new JsonObject
            {
                ["action"] = "send",
                ["channel"] = JsonText.Reference("#/channels/" + Channel),
                ["summary"] = message.Summary,
                ["messages"] = new JsonArray(JsonText.Reference($"#/channels/{Channel}/messages/{name}")),
            };
        }

        return new()
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Presence",
                ["version"] = "1.0.0",
                ["description"] =
                    "What clients are told over SignalR. A message has one argument, which is described here as its payload. Messages come at least once, in any order, and seldom not at all: versions "
                    + "say what is new, and `presence:snapshot` and the routes of `/openapi.json` what was missed. Fields and messages may be added; clients pass over those that they do not know.",
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = new JsonObject
            {
                [Channel] = new JsonObject
                {
                    ["address"] = null,
                    ["title"] = "A SignalR connection",
                    ["description"] = "`POST /api/negotiate` says where it is, and grants it; SignalR clients ask by themselves, given the address `/api`. Clients send nothing over it.",
                    ["messages"] = inChannel,
                },
            },
            ["operations"] = operations,
            ["components"] = new JsonObject { ["messages"] = messages, ["schemas"] = WithoutNeighbours(schemas.ToJson()) },
        };
    }

    /// <summary>The name of a message as documents use it: no colon is allowed there.</summary>
    public static string NameOf(Message message) =>
        string.Concat(message.Target.Split(':').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>In AsyncAPI nothing counts beside a reference: what stands there is put around it.</summary>
    private static JsonObject WithoutNeighbours(JsonObject schemas)
    {
        foreach (var schema in schemas.Select(schema => schema.Value!.AsObject()))
        {
            foreach (var (_, field) in schema["properties"]?.AsObject().ToList() ?? [])
            {
                if (field!.AsObject() is { Count: > 1 } described && described.Remove("$ref", out var reference))
                {
                    described["allOf"] = new JsonArray(new JsonObject { ["$ref"] = reference });
                }
            }
        }

        return schemas;
    }
}
