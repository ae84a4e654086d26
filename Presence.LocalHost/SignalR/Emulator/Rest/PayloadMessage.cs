using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Presence.LocalHost.SignalR;

/// <summary>The body of a send operation, <c>{"target":"…","arguments":[…]}</c>, names in any case.</summary>
internal static class PayloadMessage
{
    /// <summary>The invocation that clients get, its arguments untouched JSON; null when the body is anything else.</summary>
    public static async Task<InvocationMessage?> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static InvocationMessage? Read(JsonElement body)
    {
        var target = Property(body, "target");
        var arguments = Property(body, "arguments");
        if (target.ValueKind != JsonValueKind.String
            || target.GetString() is not { Length: > 0 } method
            || arguments.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null or JsonValueKind.Undefined))
        {
            return null;
        }

        return new InvocationMessage(
            method,
            arguments.ValueKind == JsonValueKind.Array ? [.. arguments.EnumerateArray().Select(value => (object)value.Clone())] : []);
    }

    private static JsonElement Property(JsonElement body, string name) =>
        body.EnumerateObject().LastOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
