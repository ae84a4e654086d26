using System.Net.WebSockets;
using Presence.Benchmarks.Clients;

namespace Presence.Benchmarks.Load;

/// <summary>A user's connection: it comes again whenever it is lost or refused.</summary>
internal sealed class LoadConnection(HttpClient http, ILoadHosts hosts, string bearer, Kills kills, Tally tally)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public bool IsConnected { get; private set; }

    private static TimeProvider Time => TimeProvider.System;

    public async Task LiveAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var host = Random.Shared.Next(hosts.Count);
            if (hosts.AddressOf(host) is { } address)
            {
                await ConnectAsync(host, address, over);
            }

            await Task.Delay(Pause * (0.5 + Random.Shared.NextDouble()), Time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when it is refused, or has ended.</summary>
    private async Task ConnectAsync(int host, Uri address, CancellationToken over)
    {
        var began = Time.GetUtcNow();
        try
        {
            var grant = await new Api(http, address).NegotiateAsync(bearer, [], over);
            if (grant.Status != 200)
            {
                tally.Fail($"negotiation {grant.Status}", kills.Explain(host, began, Time.GetUtcNow()), isCall: false);
                await Task.Delay(grant.RetryAfter ?? TimeSpan.Zero, Time, over);
                return;
            }

            await using var connection = await LeanConnection.ConnectAsync(grant.Url, grant.AccessToken, _ => tally.Hear(), over);
            IsConnected = true;
            await connection.Closed.WaitAsync(over);

            // The service keeps connections whatever becomes of hosts; one that nobody could record is closed and comes again.
            tally.Fail("connection closed", kills.ExplainAny(Time.GetUtcNow()), isCall: false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is over.
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or WebSocketException)
        {
            tally.Fail($"connecting: {LoadErrors.KindOf(e)}", kills.Explain(host, began, Time.GetUtcNow()), isCall: false);
        }
        finally
        {
            IsConnected = false;
        }
    }
}
