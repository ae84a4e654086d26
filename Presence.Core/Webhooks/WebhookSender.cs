using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Webhooks;

/// <summary>
/// Sends messages over HTTP. Of the answer only status and <c>Retry-After</c> are read: no body, no cookie, no redirect, and nothing of a trace goes
/// along.
/// </summary>
internal sealed class WebhookSender : IWebhookSender, IDisposable
{
    /// <summary>How long an attempt may take, with everything.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private const int MostHeaderKilobytes = 16;

    private static readonly ProductInfoHeaderValue Agent = new("presence-webhooks", "1.0");

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public WebhookSender(IOptions<PresenceOptions> options, TimeProvider time)
        : this(options.Value.AllowPrivateWebhooks ? null : PublicConnections.OfSystem, time)
    {
    }

    /// <param name="connections">Which connections may be made; null for any.</param>
    /// <param name="time">The clock.</param>
    internal WebhookSender(PublicConnections? connections, TimeProvider time)
    {
        _time = time;
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,

            // A proxy would resolve the name by itself.
            UseProxy = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MostHeaderKilobytes,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = connections is null ? null : connections.ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<WebhookAttempt> SendAsync(Webhook webhook, WebhookMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = ToRequest(webhook, message, _time.GetUtcNow());
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return WebhookAttempt.Answered((int)response.StatusCode, RetryAfter(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return WebhookAttempt.Failed(WebhookFailure.TimedOut);
        }
        catch (HttpRequestException e)
        {
            return WebhookAttempt.Failed(FailureOf(e));
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage ToRequest(Webhook webhook, WebhookMessage message, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ReadOnlyMemoryContent(message.Body) };
        request.Content.Headers.ContentType = new(WebhookMessage.ContentType) { CharSet = "utf-8" };
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add(WebhookSignature.IdHeader, message.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, WebhookSignature.Timestamp(now));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(webhook.Secrets, message.Id, now, message.Body.Span));
        return request;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - _time.GetUtcNow());

    /// <summary>What went wrong, in a word.</summary>
    internal static string FailureOf(HttpRequestException failure) => failure switch
    {
        { InnerException: AddressNotAllowedException } => WebhookFailure.AddressNotAllowed,
        { HttpRequestError: HttpRequestError.NameResolutionError } => WebhookFailure.NameNotFound,
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => WebhookFailure.NameNotFound,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => WebhookFailure.InsecureConnection,
        _ => WebhookFailure.NoAnswer,
    };
}
