using System.Net;
using System.Net.Sockets;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Webhooks;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Webhooks;

/// <summary>What goes over the network to a topic, and what its answers mean.</summary>
public sealed class EventGridTopicTests : IDisposable
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly Network _network = new();
    private readonly WebhookMessage _message = Hooks.Message();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheBatchOfAMessageIsPublishedUnderATokenOfTheApp()
    {
        var identity = new Identity();

        Assert.Equal(WebhookAttempt.Answered(200), await SendAsync(identity));

        Assert.Equal("https://presence.example.com/api/events?api-version=2018-01-01", _network.Url);
        Assert.Equal(_message.Body.ToArray(), _network.Body);
        Assert.StartsWith("application/cloudevents-batch+json", _network.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("Bearer a-token", _network.Headers["Authorization"]);
        Assert.Equal(["https://eventgrid.azure.net/.default"], identity.Scopes);
        Assert.DoesNotContain(_network.Headers.Keys, name => name is "traceparent" or "aeg-sas-key");
    }

    [Fact]
    public async Task WithAKeyThereIsNoToken()
    {
        Assert.True((await SendAsync(new Identity(), key: "a-key")).IsDelivered);

        Assert.Equal("a-key", _network.Headers["aeg-sas-key"]);
        Assert.DoesNotContain("Authorization", _network.Headers.Keys);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(410)]
    [InlineData(413)]
    [InlineData(500)]
    public async Task AnotherAnswerIsAFailureAndNotTriedAgainHere(int status)
    {
        _network.Answer = () => new((HttpStatusCode)status);

        Assert.Equal(WebhookAttempt.Answered(status), await SendAsync(new Identity()));
        Assert.Equal(1, _network.Requests);
    }

    [Fact]
    public async Task TheTopicMayAskForTime()
    {
        _network.Answer = () => new(HttpStatusCode.TooManyRequests) { Headers = { { "Retry-After", "17" } } };

        Assert.Equal(WebhookAttempt.Answered(429, Seconds(17)), await SendAsync(new Identity()));
    }

    [Fact]
    public async Task NoTokenAndNoAnswerAreToldApart()
    {
        Assert.Equal(WebhookFailure.NoToken, (await SendAsync(new Identity { Failure = new CredentialUnavailableException("There is no identity.") })).Failure);
        _network.Answer = () => throw new HttpRequestException("Nobody listens.", new SocketException((int)SocketError.ConnectionRefused));
        Assert.Equal(WebhookFailure.NoAnswer, (await SendAsync(new Identity())).Failure);
        _network.Answer = () => throw new HttpRequestException("No such name.", new SocketException((int)SocketError.HostNotFound));
        Assert.Equal(WebhookFailure.NameNotFound, (await SendAsync(new Identity())).Failure);
    }

    [Fact]
    public async Task AnAttemptTakesTenSecondsAtMost()
    {
        _network.IsStill = true;
        var sending = SendAsync(new Identity());

        await _network.Asked.Task.WaitAsync(Cancellation);
        _clock.Advance(Seconds(10));

        Assert.Equal(WebhookFailure.TimedOut, (await sending).Failure);
    }

    public void Dispose() => _network.Dispose();

    private Task<WebhookAttempt> SendAsync(TokenCredential identity, string key = "")
    {
        var settings = Settings(o => (o.EventGridTopic, o.EventGridKey) = ("https://presence.example.com/api/events", key));
        var topic = new EventGridTopic(settings, () => identity, _clock, new HttpClientTransport(_network));
        return topic.SendAsync(Hooks.Webhook(), _message, Cancellation);
    }

    private sealed class Identity : TokenCredential
    {
        public Exception? Failure { get; init; }

        public IReadOnlyList<string> Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return Failure is null ? new("a-token", DateTimeOffset.MaxValue) : throw Failure;
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class Network : HttpMessageHandler
    {
        public Func<HttpResponseMessage> Answer { get; set; } = () => new(HttpStatusCode.OK);

        public bool IsStill { get; set; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Requests { get; private set; }

        public string Url { get; private set; } = "";

        public byte[] Body { get; private set; } = [];

        public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            Url = request.RequestUri!.AbsoluteUri;
            Headers = request.Headers.Concat(request.Content!.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
            Body = await request.Content.ReadAsByteArrayAsync(cancellationToken);
            Asked.TrySetResult();
            await Task.Delay(IsStill ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
            return Answer();
        }
    }
}
