using System.Net.Http.Headers;
using System.Text.Json;
using Presence.Benchmarks.Clients;

namespace Presence.Benchmarks.Load;

/// <summary>A user who calls, thinks, and calls again, each time one of a few hosts.</summary>
internal sealed class LoadUser(HttpClient http, ILoadHosts hosts, int[] mine, string bearer, TimeSpan think, Kills kills, Tally tally)
{
    private readonly AuthenticationHeaderValue _bearer = new("Bearer", bearer);
    private string? _presenceToken;

    private static TimeProvider Time => TimeProvider.System;

    /// <summary>Until it is told to end; a call under way is waited for.</summary>
    public async Task LiveAsync(CancellationToken over)
    {
        // The first call anywhere within one thought, so that not all call at once.
        await WaitAsync(think * Random.Shared.NextDouble(), over);
        while (!over.IsCancellationRequested)
        {
            if (Pick() is var (host, address))
            {
                await CallAsync(host, address);
            }

            await WaitAsync(think * (0.5 + Random.Shared.NextDouble()), over);
        }
    }

    private static Task WaitAsync(TimeSpan time, CancellationToken over)
    {
        var wait = Task.Delay(time, Time, over);
        return wait.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>One of its hosts that runs, at random, as a load balancer picks.</summary>
    private (int Host, Uri Address)? Pick()
    {
        var from = Random.Shared.Next(mine.Length);
        for (var i = 0; i < mine.Length; i++)
        {
            var host = mine[(from + i) % mine.Length];
            if (hosts.AddressOf(host) is { } address)
            {
                return (host, address);
            }
        }

        return null;
    }

    private async Task CallAsync(int host, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "api/activity"));
        request.Headers.Authorization = _bearer;
        if (_presenceToken is { } sent)
        {
            request.Headers.TryAddWithoutValidation(PresenceToken.Header, sent);
        }

        var (began, since) = (Time.GetUtcNow(), Time.GetTimestamp());
        try
        {
            using var response = await http.SendAsync(request, CancellationToken.None);
            var body = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
            if (!response.IsSuccessStatusCode)
            {
                Fail($"status {(int)response.StatusCode}", host, began);
                return;
            }

            if (response.Headers.TryGetValues(PresenceToken.Header, out var answered))
            {
                _presenceToken = answered.First();
            }

            tally.Answer(host, Time.GetElapsedTime(since), IsThrottled(body), Time.GetUtcNow());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            Fail(LoadErrors.KindOf(e), host, began);
        }
    }

    private void Fail(string kind, int host, DateTimeOffset began) => tally.Fail(kind, kills.Explain(host, began, Time.GetUtcNow()), isCall: true);

    private static bool IsThrottled(byte[] body)
    {
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.GetProperty("data").GetProperty("throttled").GetBoolean();
    }
}
