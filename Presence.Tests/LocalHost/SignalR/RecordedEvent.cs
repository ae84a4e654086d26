using System.Text.Json;

namespace Presence.Tests.LocalHost.SignalR;

/// <summary>An upstream event as it arrived.</summary>
internal sealed record RecordedEvent(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Category => Headers["X-ASRS-Category"];

    public string Event => Headers["X-ASRS-Event"];

    public string ConnectionId => Headers["X-ASRS-Connection-Id"];

    public string? UserId => Headers.GetValueOrDefault("X-ASRS-User-Id");

    public JsonElement Json => JsonElement.Parse(Body);
}
