using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core.TableStorage;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>
/// Watches the requests to storage, of all hosts that it is given to, and keeps the successful writes of activity: what the table really
/// took, whatever the system says of itself.
/// </summary>
internal sealed partial class RecordedWrites : HttpPipelinePolicy
{
    private readonly ConcurrentBag<Write> _writes = [];

    /// <summary>One write of a user's row.</summary>
    /// <param name="User">Whose.</param>
    /// <param name="RecordedAt">When the activity was recorded, by the row.</param>
    /// <param name="Sent">When it was sent, as a timestamp of <see cref="Stopwatch"/>. Storage applied it after that…</param>
    /// <param name="Answered">…and before this.</param>
    public sealed record Write(string User, DateTimeOffset RecordedAt, long Sent, long Answered);

    /// <summary>The writes of each user, in their order.</summary>
    public IEnumerable<IReadOnlyList<Write>> ByUser =>
        _writes.GroupBy(w => w.User).Select(g => g.OrderBy(w => w.RecordedAt).ThenBy(w => w.Sent).ToList());

    /// <summary>Makes a host go through here.</summary>
    public void AddTo(IServiceCollection services) =>
        services.Configure<StorageClientOptions>(o => o.Configure = client => client.AddPolicy(this, HttpPipelinePosition.PerRetry));

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var sent = Stopwatch.GetTimestamp();
        await ProcessNextAsync(message, pipeline);
        var answered = Stopwatch.GetTimestamp();
        if (message.Request.Method == RequestMethod.Get || message.Request.Content is not { } content || !Succeeded(message.Response))
        {
            return;
        }

        using var body = new MemoryStream();
        await content.WriteToAsync(body, message.CancellationToken);
        var text = Encoding.UTF8.GetString(body.ToArray());
        foreach (var row in text.Split('\n').Where(line => line.StartsWith('{')))
        {
            if (OnlineRow().Match(row) is { Success: true } key && Recorded().Match(row) is { Success: true } time)
            {
                var at = DateTimeOffset.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture);
                _writes.Add(new(key.Groups[1].Value, at, sent, answered));
            }
        }
    }

    /// <summary>A transaction is accepted as a whole, and says inside that it failed.</summary>
    private static bool Succeeded(Response response) =>
        response.Status is >= 200 and < 300
        && !(response.ContentStream is { CanSeek: true } && FailureWithin().IsMatch(response.Content.ToString()));

    [GeneratedRegex("""
        "RowKey":"on:([^"]+)"
        """)]
    private static partial Regex OnlineRow();

    [GeneratedRegex("""
        "RecordedAt":"([^"]+)"
        """)]
    private static partial Regex Recorded();

    [GeneratedRegex("HTTP/1.1 [45]")]
    private static partial Regex FailureWithin();
}
