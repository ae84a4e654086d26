using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace Presence.Tests.LocalHost.SignalR;

/// <summary>An official SignalR client that keeps what it is sent.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    public const string News = "news";
    public const string Mark = "mark";

    private readonly Channel<JsonElement> _received = Channel.CreateUnbounded<JsonElement>();
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestClient(HubConnection connection)
    {
        Connection = connection;
        connection.On<JsonElement>(News, Receive);
        connection.On<JsonElement>(Mark, Receive);
        connection.Closed += error =>
        {
            _closed.TrySetResult(error);
            return Task.CompletedTask;
        };
    }

    public HubConnection Connection { get; }

    public string Id => Connection.ConnectionId!;

    public Task<Exception?> Closed => _closed.Task;

    /// <summary>The argument of the next message, of whichever target.</summary>
    public Task<JsonElement> NextAsync() => _received.NextAsync();

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    private void Receive(JsonElement argument) => _received.Writer.TryWrite(argument);
}
