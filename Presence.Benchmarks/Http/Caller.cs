using System.Net;
using System.Net.Http.Headers;
using Presence.Benchmarks.Clients;

namespace Presence.Benchmarks.Http;

/// <summary>Calls one route over a fixed number of connections, as fast as answers come.</summary>
internal sealed class Caller : IDisposable
{
    /// <summary>How many users call in turn.</summary>
    public const int Users = 64;

    private readonly HttpClient _http;
    private readonly Uri _route;
    private readonly int _connections;
    private readonly string?[]? _presenceTokens;
    private readonly AuthenticationHeaderValue[] _bearers;

    /// <param name="route">What is called.</param>
    /// <param name="connections">Over how many connections, each with one call at a time.</param>
    /// <param name="names">What the names of its users begin with.</param>
    /// <param name="presenceTokens">What each user was last answered, and sends back; null where they send nothing back.</param>
    public Caller(Uri route, int connections, string names, string?[]? presenceTokens)
    {
        (_route, _connections) = (route, connections);
        _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = connections });
        _presenceTokens = presenceTokens;
        var now = TimeProvider.System.GetUtcNow();
        _bearers = [.. Enumerable.Range(0, Users).Select(i => new AuthenticationHeaderValue("Bearer", Tokens.ForDevelopment.For($"{names}-{i}", now)))];
    }

    /// <summary>Each user once, so that the calls after it are throttled.</summary>
    public Task OpenWindowsAsync(CancellationToken cancellationToken) => CallAsync(Users, cancellationToken);

    public Task CallAsync(int calls, CancellationToken cancellationToken)
    {
        var left = calls;
        return Task.WhenAll(Enumerable.Range(0, _connections).Select(async _ =>
        {
            for (var call = Interlocked.Decrement(ref left); call >= 0; call = Interlocked.Decrement(ref left))
            {
                await CallOnceAsync(call % Users, cancellationToken);
            }
        }));
    }

    public void Dispose() => _http.Dispose();

    private async Task CallOnceAsync(int user, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _route);
        request.Headers.Authorization = _bearers[user];
        if (_presenceTokens?[user] is { } token)
        {
            request.Headers.TryAddWithoutValidation(PresenceToken.Header, token);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"{_route.AbsolutePath} was answered {(int)response.StatusCode}.");
        }

        if (_presenceTokens is not null && response.Headers.TryGetValues(PresenceToken.Header, out var answered))
        {
            _presenceTokens[user] = answered.First();
        }
    }
}
