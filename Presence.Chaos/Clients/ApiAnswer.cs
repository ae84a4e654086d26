using System.Text.Json;

namespace Presence.Chaos.Clients;

/// <summary>What came of a call.</summary>
/// <param name="Status">The status code; null when nobody knows whether it was carried out.</param>
/// <param name="Data">What the answer holds, after a success.</param>
internal sealed record ApiAnswer(int? Status, JsonElement? Data)
{
    public bool IsOk => Status is >= 200 and < 300;

    /// <summary>It may have been carried out, or may still be.</summary>
    public bool IsUnknown => Status is null or 502 or 504;

    public string? Text(string name) =>
        Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty(name, out var value) ? value.ToString() : null;
}
