using System.Text.Json;

namespace Presence.LocalHost.Invocation.Upstream;

/// <summary>The body of an upstream event.</summary>
internal sealed record UpstreamMessage(string? Target, string? InvocationId, JsonElement[]? Arguments, string? Error)
{
    private const byte RecordSeparator = 0x1e;

    private static readonly UpstreamMessage Empty = new(null, null, null, null);

    /// <exception cref="JsonException">The body is not such a message.</exception>
    public static async Task<UpstreamMessage> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var json = body.GetBuffer().AsMemory(0, (int)body.Length).TrimEnd(RecordSeparator);
        return json.Span.Trim(" \t\r\n"u8).IsEmpty
            ? Empty
            : JsonSerializer.Deserialize<UpstreamMessage>(json.Span, JsonSerializerOptions.Web) ?? Empty;
    }
}
