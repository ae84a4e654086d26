using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Presence.Client.Http;

/// <summary>Makes calls again that came to nothing, where that is safe, and when the server says so.</summary>
internal static class ClientResilience
{
    private static readonly HttpRequestOptionsKey<bool> SafeTwice = new("presence.safe-twice");

    /// <summary>More than this is taken for this: no timer waits for all that a header can say.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>Marks a request that has the same effect whether it is made once or twice.</summary>
    public static void MayBeMadeTwice(this HttpRequestMessage request) => request.Options.Set(SafeTwice, true);

    public static void AddPresenceResilience(this IHttpClientBuilder builder) => builder.AddResilienceHandler("presence", (pipeline, context) =>
    {
        var options = context.ServiceProvider.GetRequiredService<IOptionsMonitor<PresenceClientOptions>>().CurrentValue;
        var time = context.ServiceProvider.GetRequiredService<TimeProvider>();
        pipeline.TimeProvider = time;
        pipeline.AddTimeout(options.TotalTimeout);
        if (options.MaxRetries > 0)
        {
            pipeline.AddRetry(Retry(options, time));
        }

        pipeline.AddTimeout(options.AttemptTimeout);
    });

    private static RetryStrategyOptions<HttpResponseMessage> Retry(PresenceClientOptions options, TimeProvider time) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = TimeSpan.FromMilliseconds(500),
        MaxDelay = options.LongestWait,
        ShouldHandle = args => ValueTask.FromResult(
            args.Context.GetRequestMessage() is { } request
            && request.Options.TryGetValue(SafeTwice, out var isSafe) && isSafe
            && IsWorthAnotherTry(args.Outcome, options.LongestWait, time)),
        DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { } answer ? RetryAfterOf(answer, time) : null),
        OnRetry = args =>
        {
            args.Outcome.Result?.Dispose();
            return ValueTask.CompletedTask;
        },
    };

    /// <summary>
    /// How long the server, or what stands in front of it, asks to be left alone; null where it does not say. Until when is meant by its own clock, which the
    /// answer tells; a moment that has passed is no time.
    /// </summary>
    public static TimeSpan? RetryAfterOf(HttpResponseMessage answer, TimeProvider time) => (answer.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } until } => until - (answer.Headers.Date ?? time.GetUtcNow()),
        _ => (TimeSpan?)null,
    }) switch
    {
        { } wait when wait > LongestRetryAfter => LongestRetryAfter,
        { } wait when wait < TimeSpan.Zero => TimeSpan.Zero,
        var wait => wait,
    };

    /// <summary>500 is not among them: what a server did not foresee, or cannot read, is the same a moment later.</summary>
    private static bool IsWorthAnotherTry(Outcome<HttpResponseMessage> outcome, TimeSpan longestWait, TimeProvider time) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        {
            Result: { StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
                or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } answer
        } => !(RetryAfterOf(answer, time) > longestWait),
        _ => false,
    };
}
