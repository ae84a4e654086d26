using System.Text.Json;

namespace Presence.Core.Callers;

/// <summary>A moment in a JWT (RFC 7519, 2): seconds since 1970 as a JSON number, with or without a fraction.</summary>
internal static class NumericDate
{
    private static readonly decimal Least = Seconds(DateTimeOffset.MinValue);
    private static readonly decimal Most = Seconds(DateTimeOffset.MaxValue);

    /// <summary>The seconds in a claim; null if there is no such claim.</summary>
    /// <exception cref="UnauthenticatedException">The claim is no number, or one beyond all sense.</exception>
    public static decimal? Read(JsonElement payload, string claim)
    {
        if (!payload.TryGetProperty(claim, out var value))
        {
            return null;
        }

        // What has more than 64 bits is no date anywhere.
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var seconds) && Math.Abs(seconds) < long.MaxValue
            ? seconds
            : throw Invalid(claim);
    }

    /// <summary>The moment.</summary>
    /// <exception cref="UnauthenticatedException">No calendar has it.</exception>
    public static DateTimeOffset Exactly(decimal seconds, string claim) =>
        seconds >= Least && seconds <= Most ? Clamped(seconds) : throw Invalid(claim);

    /// <summary>The moment, or the first or last there is.</summary>
    public static DateTimeOffset Clamped(decimal seconds) =>
        seconds <= Least ? DateTimeOffset.MinValue
        : seconds >= Most ? DateTimeOffset.MaxValue
        : DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));

    private static decimal Seconds(DateTimeOffset moment) => (decimal)(moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerSecond;

    private static UnauthenticatedException Invalid(string claim) =>
        new($"The token's claim '{claim}' must be a moment as a JSON number: seconds since 1970.");
}
