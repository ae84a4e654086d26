using System.Runtime.InteropServices;
using System.Text.Json;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>Reads what members of conversations show of themselves.</summary>
internal static class LiveStateValues
{
    /// <summary>The largest state, in bytes of UTF-8 as sent.</summary>
    public const int MaxBytes = 1_024;

    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    /// <summary>The state, written as messages write it, so that its length is known and none fails for its sake.</summary>
    /// <exception cref="InvalidInputException">It is too large, or no valid Unicode.</exception>
    public static JsonElement State(JsonElement state)
    {
        if (JsonMarshal.GetRawUtf8Value(state).Length is var bytes and > MaxBytes)
        {
            throw new InvalidInputException("state", $"must be at most {MaxBytes} bytes of JSON in UTF-8; it has {bytes}");
        }

        try
        {
            return ApiJson.ToElement(state);
        }
        catch (JsonException)
        {
            throw new InvalidInputException("state", "must be valid Unicode text");
        }
    }

    /// <summary>How long it holds.</summary>
    /// <exception cref="InvalidInputException">It is no duration, or out of range.</exception>
    public static TimeSpan Ttl(string? text) => text is null ? Default
        : Iso8601.FindDuration(text) is { } ttl && ttl >= Least && ttl <= Most ? ttl
        : throw new InvalidInputException("ttl", $"must be a duration of ISO 8601 from {Least.TotalSeconds:0} to {Most.TotalSeconds:0} s, such as PT10S");
}
