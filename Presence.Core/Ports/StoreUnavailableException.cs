namespace Presence.Core.Ports;

/// <summary>The storage is out of reach, overloaded, or refuses us. Nothing is known of the operation; trying again is safe.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long the storage itself wishes to be left alone; null if it has not said.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
