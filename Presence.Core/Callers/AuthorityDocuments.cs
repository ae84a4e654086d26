using Microsoft.IdentityModel.Protocols;

namespace Presence.Core.Callers;

/// <summary>
/// Fetches the authority's documents. Unlike <see cref="HttpDocumentRetriever"/> it ends when it is told to, and reads no endless answer.
/// </summary>
internal sealed class AuthorityDocuments : IDocumentRetriever, IDisposable
{
    private const int MostBytes = 1 << 20;

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        MaxResponseContentBufferSize = MostBytes,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        var uri = new Uri(address);
        if (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
        {
            throw new IOException($"{address} is no https URL.");
        }

        using var response = await _http.GetAsync(uri, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancel);
    }

    public void Dispose() => _http.Dispose();
}
