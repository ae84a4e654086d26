using System.Net.Http.Headers;

namespace Presence.Core.Webhooks;

/// <summary>Reads when a receiver wishes to be asked again.</summary>
internal static class RetryAfter
{
    /// <summary>How long from a moment on; null where it does not say.</summary>
    public static TimeSpan? From(this RetryConditionHeaderValue? header, DateTimeOffset now) => header?.Delta ?? (header?.Date - now);
}
