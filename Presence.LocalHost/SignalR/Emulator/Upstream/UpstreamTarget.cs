namespace Presence.LocalHost.SignalR;

/// <summary>Where events go; can change while the emulator runs.</summary>
internal sealed class UpstreamTarget
{
    private volatile string? _template;

    public UpstreamTarget(string? template) => Template = template;

    public string? Template
    {
        get => _template;
        set => _template = value is null || IsAddress(Fill(value, "hub", "category", "event"))
            ? value
            : throw new ArgumentException("The upstream URL must be an absolute http or https address.", nameof(value));
    }

    /// <summary>Null while nobody wants events.</summary>
    public Uri? For(UpstreamEvent upstreamEvent) => _template is { } current
        ? new Uri(Fill(current, upstreamEvent.Client.Hub, upstreamEvent.Category, upstreamEvent.Event))
        : null;

    private static string Fill(string template, string hub, string category, string @event) => template
        .Replace("{hub}", Uri.EscapeDataString(hub), StringComparison.OrdinalIgnoreCase)
        .Replace("{category}", Uri.EscapeDataString(category), StringComparison.OrdinalIgnoreCase)
        .Replace("{event}", Uri.EscapeDataString(@event), StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
