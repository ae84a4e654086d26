using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Presence.Chaos.Network;

namespace Presence.Tests.Chaos.Network;

public sealed class ForwarderTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<string> _arrived = [];
    private readonly HttpClient _http = new();
    private WebApplication _target = null!;
    private ForwardFault? _fault;
    private Forwarder? _forwarder;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Target => new(_target.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _target = builder.Build();
        _target.Run(EchoAsync);
        await _target.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await (_forwarder?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _target.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task WhatGoesWellArrivesAsItWasWritten()
    {
        var response = await PostAsync(await StartAsync(Target), "/t('a%2Fb')/..%2f?$filter=x%20eq%20'1'");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("one, two", string.Join(", ", response.Headers.GetValues("answered")));
        Assert.Equal(
            "POST /t('a%2Fb')/..%2f?$filter=x%20eq%20'1' text/plain asked hello", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task WhatIsRefusedOrCutDoesNotArrive()
    {
        var address = await StartAsync(Target);

        _fault = ForwardFault.Refused;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(address, "/")).StatusCode);
        _fault = ForwardFault.Cut;
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(address, "/"));

        Assert.Empty(_arrived);
    }

    [Fact]
    public async Task ALostAnswerIsLostAfterTheRequestHasArrived()
    {
        var address = await StartAsync(Target);
        _fault = ForwardFault.AnswerLost;

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(address, "/"));

        Assert.Single(_arrived);
    }

    [Fact]
    public async Task WhereNobodyListensTheNextIsTried()
    {
        var address = await StartAsync(new Uri("http://127.0.0.1:1"), Target);

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(address, "/")).StatusCode);
    }

    [Fact]
    public async Task WithNobodyLeftItIsABadGateway()
    {
        Assert.Equal(HttpStatusCode.BadGateway, (await PostAsync(await StartAsync(), "/")).StatusCode);
    }

    private async Task<Uri> StartAsync(params Uri[] targets)
    {
        _forwarder = await Forwarder.StartAsync(Patience, () => targets, () => _fault);
        return _forwarder.Address;
    }

    private async Task<HttpResponseMessage> PostAsync(Uri forwarder, string target)
    {
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var address = new Uri(forwarder.GetLeftPart(UriPartial.Authority) + target, asWritten);
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent("hello"u8.ToArray()) { Headers = { ContentType = new("text/plain") } },
            Headers = { { "given", "asked" } },
        };
        return await _http.SendAsync(request, Cancellation);
    }

    private async Task EchoAsync(HttpContext context)
    {
        var request = context.Request;
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _arrived.Add(path);
        using var body = new StreamReader(request.Body);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Append("answered", "one");
        context.Response.Headers.Append("answered", "two");
        await context.Response.WriteAsync(
            $"{request.Method} {path} {request.ContentType} {request.Headers["given"]} {await body.ReadToEndAsync(Cancellation)}",
            Cancellation);
    }
}
