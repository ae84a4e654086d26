using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Presence.Chaos.Judgement;

namespace Presence.Chaos.Clients;

/// <summary>
/// A receiver of webhooks, as the documentation has one be: it verifies each message, after Standard Webhooks 1.0, and keeps what came. What goes wrong
/// with it goes wrong on the way to it.
/// </summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private const string SecretPrefix = "whsec_";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly WebApplication _application;
    private readonly Journal _journal;
    private readonly Lock _gate = new();
    private volatile byte[] _secret = [];

    private WebhookReceiver(WebApplication application, Journal journal) => (_application, _journal) = (application, journal);

    public Uri Address => new(_application.Urls.Single());

    /// <summary>The secret, as it was shown; until then no message is genuine.</summary>
    public string Secret
    {
        set => _secret = Convert.FromBase64String(value[SecretPrefix.Length..]);
    }

    public static async Task<WebhookReceiver> StartAsync(Journal journal)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        var receiver = new WebhookReceiver(builder.Build(), journal);
        receiver._application.Run(receiver.TakeAsync);
        await receiver._application.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (!IsGenuine(context.Request.Headers, body.ToArray()))
        {
            _journal.AddUnsigned();
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        ToldEvent[] events = [.. JsonElement.Parse(body.ToArray()).EnumerateArray().Select(ToldEvent.Read)];
        lock (_gate)
        {
            // Those of a message together, whatever comes at the same time.
            Array.ForEach(events, _journal.Sent.Enqueue);
        }
    }

    private bool IsGenuine(IHeaderDictionary headers, byte[] body)
    {
        var (id, timestamp) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString());
        if (_secret.Length == 0 || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || (TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance)
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.UTF8.GetBytes($"v1,{Convert.ToBase64String(HMACSHA256.HashData(_secret, signed))}");
        return headers["webhook-signature"].ToString().Split(' ').Any(signature => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected));
    }
}
