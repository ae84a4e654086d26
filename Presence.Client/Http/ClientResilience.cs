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
        pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
        pipeline.AddTimeout(options.TotalTimeout);
        if (options.MaxRetries > 0)
        {
            pipeline.AddRetry(Retry(options));
        }

        pipeline.AddTimeout(options.AttemptTimeout);
    });

    private static RetryStrategyOptions<HttpResponseMessage> Retry(PresenceClientOptions options) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = TimeSpan.FromMilliseconds(500),
        MaxDelay = options.LongestWait,
        ShouldHandle = args => ValueTask.FromResult(
            args.Context.GetRequestMessage() is { } request
            && request.Options.TryGetValue(SafeTwice, out var isSafe) && isSafe
            && IsWorthAnotherTry(args.Outcome, options.LongestWait)),
        DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { } answer ? RetryAfterOf(answer) : null),
        OnRetry = args =>
        {
            args.Outcome.Result?.Dispose();
            return ValueTask.CompletedTask;
        },
    };

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    public static TimeSpan? RetryAfterOf(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } wait } when wait > LongestRetryAfter => LongestRetryAfter,
        { Delta: { } wait } when wait >= TimeSpan.Zero => wait,
        _ => null,
    };

    /// <summary>500 is not among them: what a server did not foresee, or cannot read, is the same a moment later.</summary>
    private static bool IsWorthAnotherTry(Outcome<HttpResponseMessage> outcome, TimeSpan longestWait) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        {
            Result: { StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
                or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } answer
        } => !(RetryAfterOf(answer) > longestWait),
        _ => false,
    };
}
