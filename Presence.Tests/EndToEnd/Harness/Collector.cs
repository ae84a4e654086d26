using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>Takes telemetry from exporters, whatever their protocol over HTTP, and keeps what it was sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = [];

    private Collector(WebApplication application) => _application = application;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>All that came on paths that end so, as text: the strings in a protobuf message are UTF-8.</summary>
    public string Received(string path) =>
        string.Join('\n', _received.Where(r => r.Path.EndsWith(path, StringComparison.Ordinal)).Select(r => r.Body));

    public static async Task<Collector> StartAsync(string answer = "")
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var collector = new Collector(application);
        application.Run(async context =>
        {
            await using var body = context.Request.Headers.ContentEncoding == "gzip"
                ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
                : context.Request.Body;
            using var reader = new StreamReader(body, Encoding.Latin1);
            collector._received.Enqueue((context.Request.Path, await reader.ReadToEndAsync()));
            await context.Response.WriteAsync(answer);
        });
        await application.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
