using System.Net.Http.Json;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>Calls the API, with one header as credentials or none.</summary>
internal sealed class Caller(HttpClient http, (string Name, string Value)? credentials = null, (string Name, string Value)? header = null)
{
    public Uri BaseAddress => http.BaseAddress!;

    public (string Name, string Value) Credentials => credentials ?? default;

    /// <summary>The same caller with a further header.</summary>
    public Caller With(string name, string value) => new(http, credentials, (name, value));

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, object? body = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in credentials is { } own ? [own, .. headers] : headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (header is var (extra, also))
        {
            request.Headers.TryAddWithoutValidation(extra, also);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new(response.StatusCode, text, response.Headers.RetryAfter?.Delta)
        {
            Headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
        };
    }
}
