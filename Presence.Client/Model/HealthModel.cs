namespace Presence.Client.Model;

/// <summary>Whether the system answers, and what it depends on.</summary>
public sealed record Health
{
    /// <summary><c>Healthy</c> or <c>Unhealthy</c>.</summary>
    public string Status { get; init => field = value ?? ""; } = "";

    /// <summary>Each dependency: <c>storage</c>, <c>signalr</c>, <c>identity</c> where it is configured; <c>Healthy</c> or <c>Unhealthy</c>.</summary>
    public IReadOnlyDictionary<string, string> Dependencies { get; init => field = value ?? None; } = None;

    private static Dictionary<string, string> None => [];

    /// <summary>Whether all is well.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsHealthy => Status == "Healthy";
}
