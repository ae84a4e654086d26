using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Presence.LocalHost.Invocation;

namespace Presence.Tests.LocalHost.Invocation;

/// <summary>Writes down what is sent; fails where a target or group is called <c>fails</c>.</summary>
internal sealed class RecordingSignalROutput : ISignalROutput
{
    private readonly ConcurrentQueue<string> _sent = new();

    public IEnumerable<string> Sent => _sent;

    public async ValueTask SendAsync(string hub, SignalRMessageAction message, CancellationToken cancellationToken) =>
        await WriteAsync($"{hub}: {message.Target}", message.Target);

    public async ValueTask ApplyAsync(string hub, SignalRGroupAction action, CancellationToken cancellationToken) =>
        await WriteAsync($"{hub}: {action.Action} {action.GroupName}", action.GroupName);

    private async Task WriteAsync(string line, string? name)
    {
        await Task.Yield();
        if (name == "fails")
        {
            throw new HttpRequestException("the service is away");
        }

        _sent.Enqueue(line);
    }
}
