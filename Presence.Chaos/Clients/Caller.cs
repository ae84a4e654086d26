using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Presence.Chaos.Clients;

/// <summary>Calls the API with one kind of credentials. Whatever goes wrong is an answer.</summary>
internal sealed class Caller(HttpClient http, Uri server, (string Name, string Value)? credentials = null)
{
    /// <summary>How long it waits for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMinutes(1);

    public Uri Server => server;

    public (string Name, string Value)? Credentials => credentials;

    /// <summary>Again and again, until it is answered well. What programs ask by themselves is no activity of its caller.</summary>
    public Task<ApiAnswer> AskAsync(string path, CancellationToken cancellationToken) =>
        InsistAsync(() => SendAsync(HttpMethod.Get, path, body: null, isPassive: true, cancellationToken), path, cancellationToken);

    public Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, body, isPassive: false, cancellationToken);

    /// <summary>Again and again, until it is answered well.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public Task<ApiAnswer> InsistAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        InsistAsync(() => SendAsync(method, path, body, isPassive: false, cancellationToken), path, cancellationToken);

    private static async Task<ApiAnswer> InsistAsync(Func<Task<ApiAnswer>> ask, string path, CancellationToken cancellationToken)
    {
        var answer = new ApiAnswer(Status: null, Data: null);
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < GivesUpAfter;)
        {
            answer = await ask();
            if (answer.IsOk)
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellationToken);
        }

        var last = answer.Status?.ToString(CultureInfo.InvariantCulture) ?? "nothing";
        throw new TimeoutException($"{path} is not answered well, lastly with {last}.");
    }

    private async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, object? body, bool isPassive, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(server, path));
        request.Content = body is null ? null : JsonContent.Create(body);
        if (credentials is var (name, value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (isPassive)
        {
            request.Headers.Add("Presence-Activity", "passive");
        }

        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return new((int)response.StatusCode, response.IsSuccessStatusCode ? await DataAsync(response, either.Token) : null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(Status: null, Data: null);
        }
    }

    private static async Task<JsonElement?> DataAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("data", out var data) ? data : answer;
    }
}
