using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Presence.Chaos.Network;

/// <summary>
/// Passes HTTP requests on to the first of its targets that takes them, as a load balancer does, and has go wrong what must.
/// </summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private static readonly string[] OfTheConnection = ["Connection", "Keep-Alive", "Transfer-Encoding", "Expect", "Upgrade"];

    private readonly WebApplication _application;
    private readonly HttpClient _http;
    private readonly Func<IEnumerable<Uri>> _targets;
    private readonly Func<ForwardFault?> _faults;

    private Forwarder(WebApplication application, TimeSpan patience, Func<IEnumerable<Uri>> targets, Func<ForwardFault?> faults)
    {
        (_application, _targets, _faults) = (application, targets, faults);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
        _http.Timeout = patience;
    }

    public Uri Address => new(_application.Urls.Single());

    /// <param name="patience">How long a target may take; then the caller is told 504.</param>
    /// <param name="targets">Asked for at each request: where to try, in this order.</param>
    /// <param name="faults">Asked at each request.</param>
    public static async Task<Forwarder> StartAsync(TimeSpan patience, Func<IEnumerable<Uri>> targets, Func<ForwardFault?> faults)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        var forwarder = new Forwarder(builder.Build(), patience, targets, faults);
        forwarder._application.Run(forwarder.ForwardAsync);
        await forwarder._application.StartAsync();
        return forwarder;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        await _application.StopAsync(atOnce.Token);
        await _application.DisposeAsync();
        _http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var fault = _faults() ?? ForwardFault.None;
        try
        {
            await Task.Delay(fault.Pause, TimeProvider.System, context.RequestAborted);
            if (fault.IsCut || fault.IsRefused)
            {
                await WithoutArrivingAsync(context, fault);
                return;
            }

            using var answer = await SendAsync(context.Request, await ReadAsync(context.Request));
            if (fault.LosesAnswer)
            {
                context.Abort();
                return;
            }

            await AnswerAsync(context.Response, answer);
        }
        catch (OperationCanceledException)
        {
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
            }
        }
    }

    private static Task WithoutArrivingAsync(HttpContext context, ForwardFault fault)
    {
        if (fault.IsCut)
        {
            context.Abort();
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    // Whatever the caller does meanwhile: what has been sent, arrives. Only what surely did not arrive is tried elsewhere.
    private async Task<HttpResponseMessage> SendAsync(HttpRequest request, byte[] body)
    {
        HttpRequestException? unreachable = null;
        foreach (var target in _targets())
        {
            try
            {
                using var forwarded = Copy(request, target, body);
                return await _http.SendAsync(forwarded, CancellationToken.None);
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                unreachable = e;
            }
        }

        throw unreachable ?? new HttpRequestException("There is nobody to pass it on to.");
    }

    private static HttpRequestMessage Copy(HttpRequest request, Uri target, byte[] body)
    {
        var path = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var copy = new HttpRequestMessage(
            new HttpMethod(request.Method), new Uri($"{target.GetLeftPart(UriPartial.Authority)}{path}", AsWritten));
        if (body.Length > 0)
        {
            copy.Content = new ByteArrayContent(body);
        }

        foreach (var (name, values) in request.Headers.Where(header => !IsOfTheConnection(header.Key)))
        {
            if (!copy.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                copy.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return copy;
    }

    private static bool IsOfTheConnection(string header) => OfTheConnection.Contains(header, StringComparer.OrdinalIgnoreCase);

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }

    private static async Task AnswerAsync(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!IsOfTheConnection(name))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        await answer.Content.CopyToAsync(response.Body, response.HttpContext.RequestAborted);
    }
}
