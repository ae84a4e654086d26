using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>A client that reconnects by itself, with the credentials it has, as most applications' do.</summary>
internal sealed class Reconnecting : IAsyncDisposable
{
    private readonly HubConnection _connection;
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Reconnecting(HubConnection connection) => _connection = connection;

    /// <summary>Ends when it does not try any more.</summary>
    public Task GivenUp => _givenUp.Task;

    public static async Task<Reconnecting> ConnectAsync(Caller caller)
    {
        var welcome = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(caller.BaseAddress, "api"), options =>
                options.AccessTokenProvider = () => Task.FromResult<string?>(caller.Credentials.Value["Bearer ".Length..]))
            .WithAutomaticReconnect([TimeSpan.Zero, TimeSpan.FromMilliseconds(200)])
            .Build();
        var client = new Reconnecting(connection);
        connection.On<JsonElement>("presence:snapshot", _ => welcome.TrySetResult());
        connection.Closed += _ =>
        {
            client._givenUp.TrySetResult();
            return Task.CompletedTask;
        };
        await connection.StartAsync(TestContext.Current.CancellationToken);
        await welcome.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Connects with what was granted before; the task returned ends when that connection does.</summary>
    public static async Task<Task> ConnectUntilClosedAsync(JsonElement grant)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = new HubConnectionBuilder()
            .WithUrl(grant.GetProperty("url").GetString()!, options =>
                options.AccessTokenProvider = () => Task.FromResult(grant.GetProperty("accessToken").GetString()))
            .Build();
        connection.Closed += async _ =>
        {
            closed.TrySetResult();
            await connection.DisposeAsync();
        };
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return closed.Task;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
