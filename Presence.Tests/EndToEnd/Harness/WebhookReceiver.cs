using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>A message as it came over the network.</summary>
internal sealed record ReceivedMessage(IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Id => Headers["webhook-id"];

    public IReadOnlyList<JsonElement> Events => [.. JsonElement.Parse(Body).EnumerateArray()];
}

/// <summary>A receiver of webhooks on this machine, which answers as a test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;

    private WebhookReceiver(WebApplication application) => _application = application;

    public Uri Url => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook");

    /// <summary>All that came, whatever was answered.</summary>
    public ConcurrentQueue<ReceivedMessage> Received { get; } = [];

    /// <summary>What was answered with a good status.</summary>
    public ConcurrentQueue<ReceivedMessage> Taken { get; } = [];

    /// <summary>What answers: nothing of its own is 200.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>The ids of the events taken, in their order, doubles among them.</summary>
    public IReadOnlyList<string> EventIds => [.. Taken.SelectMany(message => message.Events).Select(one => one.GetProperty("id").GetString()!)];

    /// <summary>How the statuses of a user went, as they were taken.</summary>
    public IReadOnlyList<string> StatusesOf(User user) =>
    [
        .. Taken.SelectMany(message => message.Events)
            .Where(one => one.GetProperty("subject").GetString() == user.Id && one.GetProperty("type").GetString() == "presence.status")
            .Select(one => one.GetProperty("data").GetProperty("status").GetString()!),
    ];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var receiver = new WebhookReceiver(application);
        application.Run(receiver.TakeAsync);
        await application.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var message = new ReceivedMessage(
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync(context.RequestAborted));
        Received.Enqueue(message);
        await Answer(context);
        if (context.Response.StatusCode is >= 200 and < 300)
        {
            Taken.Enqueue(message);
        }
    }
}
