using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Primitives;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation.Upstream;

/// <summary>Reads an upstream event as the Functions host and its worker do.</summary>
internal static class UpstreamInvocation
{
    public static SignalRInvocationContext Read(HttpRequest request, SignalRFunctionTrigger trigger, UpstreamMessage message) => new()
    {
        Hub = request.Headers[UpstreamHeaders.Hub].ToString(),
        Category = trigger.Category,
        Event = request.Headers[UpstreamHeaders.Event].ToString(),
        ConnectionId = request.Headers[UpstreamHeaders.ConnectionId].ToString(),
        UserId = Optional(request, UpstreamHeaders.UserId)!,
        Headers = request.Headers.ToDictionary(header => header.Key, header => Split(header.Value.ToString()), StringComparer.Ordinal),
        Query = Query(Optional(request, UpstreamHeaders.ClientQuery))!,
        Claims = Claims(Optional(request, UpstreamHeaders.UserClaims))!,
        Error = message.Error,
        Arguments = message.Arguments?.Cast<object>().ToArray(),
    };

    private static string? Optional(HttpRequest request, string header) =>
        request.Headers[header].ToString() is { Length: > 0 } value ? value : null;

    private static Dictionary<string, StringValues>? Query(string? query) => query is null
        ? null
        : QueryHelpers.ParseQuery(query).ToDictionary(pair => pair.Key, pair => Split(pair.Value.ToString()), StringComparer.Ordinal);

    // "type: value, type: value"; of a repeated type the first value counts, and what does not look like that is left out.
    private static Dictionary<string, StringValues>? Claims(string? claims)
    {
        if (claims is null)
        {
            return null;
        }

        var read = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var claim in claims.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (claim.Split(": ", StringSplitOptions.RemoveEmptyEntries) is [var type, var value])
            {
                read.TryAdd(type.Trim(), new StringValues(value.Trim()));
            }
        }

        return read;
    }

    // The worker takes the values apart at every comma.
    private static StringValues Split(string value) => new(value.Split(','));
}
