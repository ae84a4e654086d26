using System.Collections.Immutable;
using System.Net;
using System.Text;
using Presence.Chaos.Clients;
using Presence.Chaos.Judgement;
using Presence.Core.Domain;
using Presence.Core.Webhooks;

namespace Presence.Tests.Chaos.Clients;

public sealed class WebhookReceiverTests : IAsyncLifetime
{
    private const string Body = """[{"id":"ann/1","type":"presence.status","data":{"userId":"ann","status":"online","version":1}}]""";

    private readonly Journal _journal = new();
    private readonly HttpClient _http = new();
    private readonly ImmutableArray<byte> _secret = WebhookSecrets.Make();
    private WebhookReceiver _receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync(_journal);
        _receiver.Secret = WebhookSecrets.Write(_secret);
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task WhatIsSignedIsKept()
    {
        Assert.Equal(HttpStatusCode.OK, await SendAsync(new(_secret), Body, TimeProvider.System.GetUtcNow()));

        Assert.Equal(new ToldEvent("ann/1", "presence.status", new("ann", "online", 1)), Assert.Single(_journal.Sent));
        Assert.Equal(0, _journal.Unsigned);
    }

    [Fact]
    public async Task OneOfTwoSignaturesIsEnough() => Assert.Equal(
        HttpStatusCode.OK,
        await SendAsync(new WebhookSecrets(_secret).Exchanged(WebhookSecrets.Make(), TimeProvider.System.GetUtcNow()), Body, TimeProvider.System.GetUtcNow()));

    [Fact]
    public async Task WhatSomebodyElseHasSignedIsNot()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(new(WebhookSecrets.Make()), Body, TimeProvider.System.GetUtcNow()));

        Assert.Empty(_journal.Sent);
        Assert.Equal(1, _journal.Unsigned);
    }

    [Fact]
    public async Task WhatWasChangedOnItsWayIsNot() => Assert.Equal(
        HttpStatusCode.Unauthorized, await SendAsync(new(_secret), Body, TimeProvider.System.GetUtcNow(), Body.Replace("online", "away", StringComparison.Ordinal)));

    [Theory]
    [InlineData(-6)]
    [InlineData(6)]
    public async Task WhatWasSignedAtAnotherTimeIsNot(int minutes) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(new(_secret), Body, TimeProvider.System.GetUtcNow().AddMinutes(minutes)));

    private async Task<HttpStatusCode> SendAsync(WebhookSecrets secrets, string signed, DateTimeOffset at, string? sent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_receiver.Address, "hook/0")) { Content = new StringContent(sent ?? signed) };
        request.Headers.Add(WebhookSignature.IdHeader, "msg_1");
        request.Headers.Add(WebhookSignature.TimestampHeader, WebhookSignature.Timestamp(at));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(secrets, "msg_1", at, Encoding.UTF8.GetBytes(signed)));
        using var response = await _http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
