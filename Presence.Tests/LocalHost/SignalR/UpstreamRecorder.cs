using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Presence.LocalHost.SignalR;

namespace Presence.Tests.LocalHost.SignalR;

/// <summary>Stands for an application: negotiates for its clients and records the upstream events it gets.</summary>
internal sealed class UpstreamRecorder : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _failures;

    private UpstreamRecorder(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public Channel<RecordedEvent> Events { get; } = Channel.CreateUnbounded<RecordedEvent>();

    /// <summary>How many of the next events are refused; they are not recorded.</summary>
    public int Failures
    {
        set => Volatile.Write(ref _failures, value);
    }

    public int Refused { get; private set; }

    /// <summary>What a client gets that waits for the result of its call.</summary>
    public Func<RecordedEvent, string> Answer { get; set; } = _ => "";

    /// <summary>How a client of the hub is let in, as which user.</summary>
    public Func<SignalRServiceClient, string, string?, SignalRNegotiation> Negotiation { get; set; } =
        (service, hub, user) => service.Negotiate(hub, user);

    /// <summary>Set by the harness once the emulator runs.</summary>
    public SignalRServiceClient? Service { get; set; }

    public static async Task<UpstreamRecorder> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var recorder = new UpstreamRecorder(app);
        app.MapPost("/app/{hub}/negotiate", recorder.NegotiateAsync);
        app.MapPost("/upstream/{**rest}", recorder.RecordAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return recorder;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task NegotiateAsync(HttpContext context)
    {
        var hub = (string)context.Request.RouteValues["hub"]!;
        var user = context.Request.Query["user"].FirstOrDefault();
        return context.Response.WriteAsJsonAsync(Negotiation(Service!, hub, user));
    }

    private async Task RecordAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            Refused++;
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var recorded = new RecordedEvent(context.Request.Path, headers, body);
        await context.Response.WriteAsync(Answer(recorded), context.RequestAborted);
        Events.Writer.TryWrite(recorded);
    }
}
