using System.Net.Http.Json;
using System.Text;
using Presence.Tests.Contract;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>Holds every call of the tests to the contract; the test whose call is not as it is described fails.</summary>
internal sealed class ContractHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly ExchangeCheck Check = new(OpenApiContract.Current);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var exchange = new Exchange(
            request.Method.Method,
            request.RequestUri!,
            Texts(request.Headers),
            await BodyOfAsync(request.Content, cancellationToken),
            (int)response.StatusCode,
            Texts(response.Headers.Concat(response.Content.Headers)),
            await response.Content.ReadAsStringAsync(cancellationToken));
        var faults = Check.FaultsOf(exchange).ToList();
        Assert.True(faults.Count == 0, $"{exchange.Method} {exchange.Uri.PathAndQuery} answered {exchange.Status}, not as openapi.json says: {string.Join("; ", faults)}");
        ContractCoverage.Add(exchange);
        return response;
    }

    /// <summary>The body, where it can be read a second time: in UTF-8, whatever its content type says.</summary>
    private static async Task<string?> BodyOfAsync(HttpContent? content, CancellationToken cancellationToken) => content switch
    {
        null => "",
        ByteArrayContent or JsonContent => Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(cancellationToken)),
        _ => null,
    };

    private static Dictionary<string, string> Texts(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers) =>
        headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
}
