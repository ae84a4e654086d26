using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Presence.Tests.Core.TableStorage;

/// <summary>The real transport, which counts requests and fails as a test tells it to.</summary>
internal sealed partial class FaultyTransport : HttpPipelineTransport
{
    private static readonly HttpClientTransport Real = new(new HttpClient(new SocketsHttpHandler()));

    /// <summary>The requests sent, as method and path with query.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The row keys of each transaction sent.</summary>
    public ConcurrentQueue<IReadOnlyList<string>> Batches { get; } = [];

    /// <summary>Asked before each request; throwing is a request that never arrived.</summary>
    public Action<Request>? OnRequest { get; set; }

    /// <summary>Asked after each request; throwing is an answer that was lost.</summary>
    public Action<Request, Response>? OnResponse { get; set; }

    /// <summary>What answers in the service's place; null lets the request through.</summary>
    public Func<Request, Response?>? Answer { get; set; }

    /// <summary>Awaited before each request, with what ends its wait.</summary>
    public Func<CancellationToken, Task>? Delay { get; set; }

    /// <summary>The most rows the service puts in one page.</summary>
    public int? PageSize { get; set; }

    public static bool IsWrite(Request request) =>
        request.Method != RequestMethod.Get && !request.Uri.ToString().EndsWith("/Tables", StringComparison.Ordinal);

    /// <summary>An answer lost on the way.</summary>
    public static Exception Lost() => new RequestFailedException(0, "connection reset", new IOException("connection reset"));

    public override Request CreateRequest() => Real.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var request = message.Request;
        Requests.Enqueue($"{request.Method} {WebUtility.UrlDecode(request.Uri.PathAndQuery)}");
        if (request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))
        {
            Batches.Enqueue(await RowKeysAsync(request, message.CancellationToken));
        }

        if (PageSize is { } size)
        {
            request.Uri.Query = request.Uri.Query.Replace("top=1000", $"top={size}", StringComparison.Ordinal);
        }

        await (Delay?.Invoke(message.CancellationToken) ?? Task.CompletedTask);
        OnRequest?.Invoke(request);
        if (Answer?.Invoke(request) is { } answer)
        {
            message.Response = answer;
            return;
        }

        await Real.ProcessAsync(message);
        OnResponse?.Invoke(request, message.Response);
    }

    private static async Task<IReadOnlyList<string>> RowKeysAsync(Request request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Content!.WriteToAsync(body, cancellationToken);
        return [.. RowKeyPattern().Matches(Encoding.UTF8.GetString(body.ToArray())).Select(m => WebUtility.UrlDecode(m.Groups[1].Value)).Distinct()];
    }

    [GeneratedRegex("RowKey(?:='|\":\")([^'\"]+)")]
    private static partial Regex RowKeyPattern();
}
