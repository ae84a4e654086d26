using Azure.Core;
using Azure.Core.Pipeline;
using Presence.Core.Concurrency;

namespace Presence.Core.TableStorage;

/// <summary>
/// Tries again as the settings say, but not where the service wishes a longer wait than the caller has time for: waiting it out would keep
/// the caller, and trying earlier would burden a service that has asked not to be.
/// </summary>
internal sealed class BriefRetry(RetryOptions settings, TimeSpan longestWait, TimeProvider time)
    : RetryPolicy(settings.MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(settings.Delay, settings.MaxDelay))
{
    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        !AsksForTooMuch(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        !AsksForTooMuch(message) && await base.ShouldRetryAsync(message, exception);

    private bool AsksForTooMuch(HttpMessage message) =>
        message.HasResponse && ServerWait.Of(message.Response, time.GetUtcNow()) > longestWait;
}
