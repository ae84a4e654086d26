namespace Presence.Functions.Http;

/// <summary>
/// How long a client that was refused is to wait. Each is told another time, because many are refused in the same moment, and must not all come
/// back in the same second.
/// </summary>
internal static class RetryAfter
{
    /// <summary>The shortest wait, in seconds.</summary>
    public const int Least = 2;

    /// <summary>Over how many seconds those who are refused together are spread: of 10,000 some 1,000 come back in each.</summary>
    public const int Spread = 10;

    /// <summary>A service that asks for more does not know, and a client that believed it would be gone for good.</summary>
    public const int Most = 3600;

    /// <summary>A wait in whole seconds.</summary>
    /// <param name="wish">How long whoever failed us wishes to be left alone; null where it does not say.</param>
    public static int Of(TimeSpan? wish)
    {
        var least = (int)Math.Clamp(Math.Ceiling(wish?.TotalSeconds ?? Least), Least, Most);
        return Math.Min(least + Random.Shared.Next(Spread), Most);
    }
}
