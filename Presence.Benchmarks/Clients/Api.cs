using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Presence.Benchmarks.Clients;

/// <summary>The routes of a host that benchmarks call beside the one that they measure.</summary>
internal sealed class Api(HttpClient http, Uri server, string? functionKey = null)
{
    private const string StorageRequests = "presence_storage_requests_total{";

    public Uri Server => server;

    /// <summary>Where and with what a user connects, or how it was refused.</summary>
    public async Task<Negotiated> NegotiateAsync(string bearer, string[] watch, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "api/negotiate"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (watch.Length > 0)
        {
            request.Content = JsonContent.Create(new { watch });
        }

        using var response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return new((int)response.StatusCode, "", "", response.Headers.RetryAfter?.Delta);
        }

        var grant = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new(200, grant.GetProperty("url").GetString()!, grant.GetProperty("accessToken").GetString()!, RetryAfter: null);
    }

    public async Task RecordActivityAsync(string bearer, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "api/activity"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async Task SetStatusAsync(string userId, bool isOnline, CancellationToken cancellationToken)
    {
        using var request = AsBackend(HttpMethod.Post, "maintenance/user-status");
        request.Content = JsonContent.Create(new { userId, isOnline });
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What <c>GET /maintenance/status-metrics</c> tells.</summary>
    public async Task<StatusMetrics> StatusMetricsAsync(CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(AsBackend(HttpMethod.Get, "maintenance/status-metrics"), cancellationToken);
        response.EnsureSuccessStatusCode();
        var data = (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("data");
        return new(Number("totalRequests"), Number("throttledRequests"), Number("successfulUpdates"), Number("failedUpdates"));

        long Number(string name) => data.GetProperty(name).GetInt64();
    }

    /// <summary>How many requests to storage all instances have counted.</summary>
    public async Task<double> StorageRequestsAsync(CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(AsBackend(HttpMethod.Get, "metrics"), cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync(cancellationToken)).Split('\n')
            .Where(line => line.StartsWith(StorageRequests, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    private HttpRequestMessage AsBackend(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(server, path));
        if (functionKey is not null)
        {
            request.Headers.Add("x-functions-key", functionKey);
        }

        return request;
    }
}

/// <summary>The answer to a negotiation.</summary>
/// <param name="Status">200, or how it was refused.</param>
/// <param name="Url">Where to connect.</param>
/// <param name="AccessToken">With what.</param>
/// <param name="RetryAfter">When to come again, where it was refused.</param>
internal sealed record Negotiated(int Status, string Url, string AccessToken, TimeSpan? RetryAfter);

/// <summary>What was counted of activity calls, over all instances.</summary>
internal readonly record struct StatusMetrics(long TotalRequests, long ThrottledRequests, long SuccessfulUpdates, long FailedUpdates)
{
    public static StatusMetrics operator -(StatusMetrics a, StatusMetrics b) => new(
        a.TotalRequests - b.TotalRequests, a.ThrottledRequests - b.ThrottledRequests, a.SuccessfulUpdates - b.SuccessfulUpdates,
        a.FailedUpdates - b.FailedUpdates);
}
