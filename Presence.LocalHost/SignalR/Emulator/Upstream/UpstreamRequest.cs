using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;

namespace Presence.LocalHost.SignalR;

/// <summary>The HTTP request that carries an event, with the headers of the service.</summary>
internal static class UpstreamRequest
{
    public static HttpRequestMessage Create(Uri address, UpstreamEvent upstreamEvent, EmulatorAccessKey key)
    {
        var client = upstreamEvent.Client;
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(upstreamEvent.Body, Encoding.UTF8, MediaTypeNames.Application.Json),
        };
        Add(request, "X-ASRS-Hub", client.Hub);
        Add(request, "X-ASRS-Category", upstreamEvent.Category);
        Add(request, "X-ASRS-Event", upstreamEvent.Event);
        Add(request, "X-ASRS-Connection-Id", client.ConnectionId);
        Add(request, "X-ASRS-User-Id", client.UserId);
        Add(request, "X-ASRS-User-Claims", string.Join(", ", client.Claims));
        Add(request, "X-ASRS-Client-Query", client.Query);
        Add(request, "X-ASRS-Signature", Signature(client.ConnectionId, key));
        return request;
    }

    /// <summary>Proves to the receiver that the event comes from who holds the access key.</summary>
    public static string Signature(string connectionId, EmulatorAccessKey key) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(key.Bytes, Encoding.UTF8.GetBytes(connectionId)));

    // Validation would refuse text beyond ASCII, which goes out as UTF-8; only control characters cannot travel in a header.
    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (value.Any(char.IsControl) || !request.Headers.TryAddWithoutValidation(name, value))
        {
            throw new FormatException($"The value of {name} has characters that no header can carry.");
        }
    }
}
