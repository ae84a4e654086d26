using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Presence.Tests.Client;

/// <summary>Stands where Presence is: answers what it is told to, in turn, and remembers what it was asked.</summary>
internal sealed class Server : HttpMessageHandler
{
    private readonly ConcurrentQueue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();
    private readonly List<Asked> _asked = [];
    private readonly SemaphoreSlim _came = new(0);

    /// <summary>What it was asked, in turn.</summary>
    public IReadOnlyList<Asked> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>The only thing it was asked.</summary>
    public Asked Only => Assert.Single(Asked);

    /// <summary>Ends when the next request has come.</summary>
    public Task CameAsync() => _came.WaitAsync(TestContext.Current.CancellationToken).InTime();

    /// <summary>Its next answer.</summary>
    public Server Answers(HttpStatusCode status, string body = "", params (string Name, string Value)[] headers) =>
        Answers(_ => Task.FromResult(Message(status, body, headers)));

    /// <summary>Its next answer is a success with these data.</summary>
    public Server Answers(string data, params (string Name, string Value)[] headers) =>
        Answers(HttpStatusCode.OK, $$"""{"success":true,"data":{{data}}}""", headers);

    /// <summary>What comes of its next answer.</summary>
    public Server Answers(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    /// <summary>Its next answer is that it cannot, for so long.</summary>
    public Server IsAway(int seconds = 2) => Answers(
        HttpStatusCode.ServiceUnavailable,
        $$"""{"success":false,"error":"The storage is out of reach; try again.","code":"storage_unavailable","retryAfterSeconds":{{seconds}}}""",
        ("Retry-After", $"{seconds}"));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (_asked)
        {
            _asked.Add(new(
                request.Method.Method,
                request.RequestUri!.PathAndQuery,
                body,
                request.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase)));
        }

        _came.Release();
        return _answers.TryDequeue(out var answer)
            ? await answer(cancellationToken)
            : throw new InvalidOperationException($"Asked once too often: {request.Method} {request.RequestUri}");
    }

    private static HttpResponseMessage Message(HttpStatusCode status, string body, (string Name, string Value)[] headers)
    {
        var message = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}

/// <summary>One request.</summary>
internal sealed record Asked(string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers);
