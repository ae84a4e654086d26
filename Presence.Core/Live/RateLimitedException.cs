namespace Presence.Core.Live;

/// <summary>The caller asks for more than it may. The message is safe to show to it.</summary>
/// <param name="message">What it may.</param>
/// <param name="retryAfter">How long to wait at most before there is room again.</param>
public sealed class RateLimitedException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>How long to wait at most before there is room again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
