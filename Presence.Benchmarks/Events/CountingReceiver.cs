using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Presence.Benchmarks.Events;

/// <summary>A receiver of webhooks that counts events, and answers after a time.</summary>
internal sealed class CountingReceiver(WebApplication application, TimeSpan answersAfter) : IAsyncDisposable
{
    private static readonly byte[] MarkOfEvent = Encoding.UTF8.GetBytes("\"specversion\"");

    private int _events;

    public Uri Url => new(application.Urls.First() + "/hook");

    /// <summary>How many events have come.</summary>
    public int Events => Volatile.Read(ref _events);

    public static async Task<CountingReceiver> StartAsync(TimeSpan answersAfter, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var receiver = new CountingReceiver(application, answersAfter);
        application.Run(receiver.TakeAsync);
        await application.StartAsync(cancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        // On the machine's clock, as all that is measured here: how long a receiver takes is part of it.
        await Task.Delay(answersAfter, TimeProvider.System, context.RequestAborted);
        var events = 0;
        for (var left = body.GetBuffer().AsSpan(0, (int)body.Length); left.IndexOf(MarkOfEvent) is >= 0 and var at; left = left[(at + 1)..])
        {
            events++;
        }

        Interlocked.Add(ref _events, events);
    }
}
