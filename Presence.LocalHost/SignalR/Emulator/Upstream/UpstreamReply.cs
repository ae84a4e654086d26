using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Presence.LocalHost.SignalR;

/// <summary>How the delivery of an event ended.</summary>
/// <param name="Body">What upstream answered.</param>
/// <param name="Error">Why the event did not arrive, or null when it did.</param>
internal sealed record UpstreamReply(string? Body, string? Error = null)
{
    private const char RecordSeparator = '\u001e';

    /// <summary>Nobody wants events, which is no failure.</summary>
    public static readonly UpstreamReply Nobody = new(Body: null);

    public static UpstreamReply Failed(string error) => new(Body: null, error);

    /// <summary>What a client that waits for its call's result is told: upstream answers with SignalR's own completion message.</summary>
    public CompletionMessage ToCompletion(string invocationId)
    {
        if (Error is not null)
        {
            return CompletionMessage.WithError(invocationId, Error);
        }

        try
        {
            return string.IsNullOrWhiteSpace(Body) ? CompletionMessage.Empty(invocationId) : Read(invocationId, Body.Trim(RecordSeparator));
        }
        catch (JsonException)
        {
            return CompletionMessage.WithError(invocationId, "Invocation failed, the answer from upstream is no JSON.");
        }
    }

    private static CompletionMessage Read(string invocationId, string body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("type", out var type)
            || type.ValueKind != JsonValueKind.Number
            || type.GetRawText() != "3")
        {
            return CompletionMessage.WithError(invocationId, "Invocation failed, the answer from upstream is no completion.");
        }

        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String)
        {
            return CompletionMessage.WithError(invocationId, error.GetString()!);
        }

        return root.TryGetProperty("result", out var result)
            ? CompletionMessage.WithResult(invocationId, result.Clone())
            : CompletionMessage.Empty(invocationId);
    }
}
