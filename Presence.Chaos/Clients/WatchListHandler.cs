using System.Net.Http.Json;

namespace Presence.Chaos.Clients;

/// <summary>The official client cannot send a body when it negotiates; this adds the one that names whom to watch.</summary>
internal sealed class WatchListHandler(HttpMessageHandler inner, string[] watch) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.AbsolutePath == "/api/negotiate")
        {
            request.Content = JsonContent.Create(new { watch });
        }

        return base.SendAsync(request, cancellationToken);
    }
}
