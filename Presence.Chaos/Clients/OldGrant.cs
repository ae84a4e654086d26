using Microsoft.AspNetCore.SignalR.Client;

namespace Presence.Chaos.Clients;

/// <summary>A way in that was negotiated and not used: its token is good for some time, whatever becomes of the user.</summary>
internal sealed class OldGrant(string url, string token)
{
    /// <summary>Null when the negotiation failed.</summary>
    public static OldGrant? From(ApiAnswer negotiated) =>
        negotiated.Text("url") is { } url && negotiated.Text("accessToken") is { } token ? new(url, token) : null;

    /// <summary>Connects by it, and stays for a moment.</summary>
    public async Task UseAsync(TimeSpan stay, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new HubConnectionBuilder()
                .WithUrl(url, options => options.AccessTokenProvider = () => Task.FromResult<string?>(token)).Build();
            await connection.StartAsync(cancellationToken);
            await Task.Delay(stay, TimeProvider.System, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException)
        {
            // Being refused is all right.
        }
    }
}
