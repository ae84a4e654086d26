using System.Net;
using Microsoft.Extensions.Options;
using Presence.Client.Http;
using Presence.Client.Model;

namespace Presence.Client;

/// <summary>Calls Presence over HTTP. One for the application; safe to use from anywhere at once.</summary>
public sealed partial class PresenceClient : IPresenceClient
{
    /// <summary>The name of its client at <see cref="IHttpClientFactory"/>.</summary>
    public const string HttpClientName = "Presence";

    private readonly PresenceTransport _transport;

    /// <summary>Creates it.</summary>
    /// <param name="http">Where it takes its HTTP client from, for each call.</param>
    /// <param name="options">How Presence is reached; a change of the address and of the key takes effect with the next call.</param>
    /// <param name="time">The clock; the system's where it is left out.</param>
    public PresenceClient(IHttpClientFactory http, IOptionsMonitor<PresenceClientOptions> options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        _transport = new(() => http.CreateClient(HttpClientName), options, time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public Task<Health> GetHealthAsync(CancellationToken cancellationToken = default) =>
        _transport.AskAsNobodyAsync(Get("health"), HttpStatusCode.OK, ClientJson.Default.Health, cancellationToken);

    /// <inheritdoc/>
    public Task<Health> GetReadinessAsync(CancellationToken cancellationToken = default) => _transport.AskAsNobodyAsync(
        Get("health/ready").OnlyOnce(), HttpStatusCode.ServiceUnavailable, ClientJson.Default.Health, cancellationToken);

    private static Request Get(string path) => new(HttpMethod.Get, path);

    private static Request Post(string path) => new(HttpMethod.Post, path);

    private static Request Put(string path) => new(HttpMethod.Put, path);

    private static Request Patch(string path) => new(HttpMethod.Patch, path);

    private static Request Delete(string path) => new(HttpMethod.Delete, path);

    /// <summary>The path of a conversation. Its id cannot be any text, so one that a path does not carry is none.</summary>
    private static string Conversation(string conversationId, string rest)
    {
        ArgumentException.ThrowIfNullOrEmpty(conversationId);
        return conversationId is "." or ".." || conversationId.Any(c => c is '/' or '\\' or '%')
            ? throw new ArgumentException($"'{conversationId}' is no id of a conversation: these are ASCII letters, digits and - . _ ~ @ :", nameof(conversationId))
            : $"api/conversations/{Uri.EscapeDataString(conversationId)}/{rest}";
    }
}
