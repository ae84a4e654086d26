using System.Text.Json;
using System.Text.Json.Nodes;

namespace Presence.Tests.Contract;

/// <summary>The document of the messages, as those read it who hold messages to it.</summary>
internal sealed class AsyncApiContract
{
    private static readonly Lazy<AsyncApiContract> FromFile = new(() => new(ContractFiles.Read(ContractFiles.AsyncApi)));

    private readonly ClosedSchemas _schemas;
    private readonly Dictionary<string, JsonObject> _payloads;

    public AsyncApiContract(JsonObject document)
    {
        _schemas = new("https://presence.test/asyncapi", document);
        _payloads = document["components"]!["messages"]!.AsObject().ToDictionary(m => m.Value!["name"]!.GetValue<string>(), m => m.Value!["payload"]!.AsObject());
    }

    /// <summary>The one of the sources.</summary>
    public static AsyncApiContract Current => FromFile.Value;

    /// <summary>The names of messages.</summary>
    public IReadOnlyCollection<string> Targets => _payloads.Keys;

    /// <summary>What is wrong with a message; null for nothing.</summary>
    public string? FindFault(string target, JsonElement argument) =>
        !_payloads.TryGetValue(target, out var payload) ? $"{target} is no message that is described"
        : _schemas.FindFault(payload, argument) is { } fault ? $"{target} is not as it is described: {fault} in {argument}"
        : null;
}
