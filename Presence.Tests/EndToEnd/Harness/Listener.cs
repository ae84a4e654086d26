using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using Presence.Tests.Contract;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>An official .NET client, connected as an application's would be.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private const int MostTries = 5;

    private readonly HubConnection _connection;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Listener(HubConnection connection, string own)
    {
        (_connection, Inbox) = (connection, new Inbox(own));
        foreach (var target in AsyncApiContract.Current.Targets)
        {
            connection.On<JsonElement>(target, argument => Inbox.Add(target, argument));
        }

        connection.Closed += _ =>
        {
            Inbox.End(new InvalidOperationException("The connection was closed, so nothing more can come."));
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public Inbox Inbox { get; }

    /// <summary>What was told on connecting.</summary>
    public JsonElement Snapshot { get; private set; }

    /// <summary>The id of the connection, as its client knows it.</summary>
    public string ConnectionId => _connection.ConnectionId!;

    /// <summary>Ends when the connection does.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Connects, and is told of others. One that is closed before that, because what it is owed took too long, comes again, as clients do.</summary>
    public static async Task<Listener> ConnectAsync(User user, object? body)
    {
        for (var left = MostTries - 1; ; left--)
        {
            var caller = user.Caller;
            var listener = new Listener(
                body is null ? Negotiating(caller) : await NegotiatedAsync(caller, body), user.Id);
            await listener._connection.StartAsync(TestContext.Current.CancellationToken);
            try
            {
                listener.Snapshot = await listener.Inbox.SnapshotAsync();
                return listener;
            }
            catch (ChannelClosedException) when (left > 0 && listener.Inbox.Fault is null)
            {
                await listener.DisposeAsync();
            }
        }
    }

    /// <summary>Asserts that nothing else came: the next to be heard is what this conversation is told only now.</summary>
    public async Task MustHaveHeardNothingAsync(PresenceSystem system, string conversation)
    {
        var marker = system.NewUser("marker");
        await system.JoinAsync(conversation, marker);
        await Inbox.MustHearAsync(marker, "offline");
        await system.SetAsync(marker.Id, isOnline: true);
        await Inbox.MustHearAsync(marker, "online");
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        Assert.Null(Inbox.Fault);
    }

    private static HubConnection Negotiating(Caller caller) => new HubConnectionBuilder()
        .WithUrl(new Uri(caller.BaseAddress, "api"), options =>
        {
            var (name, value) = caller.Credentials;
            if (name == "Authorization")
            {
                // For the negotiation only; it gives way to the token that is granted.
                options.AccessTokenProvider = () => Task.FromResult<string?>(value["Bearer ".Length..]);
            }
            else
            {
                options.Headers[name] = value;
            }
        })
        .Build();

    /// <summary>The client cannot send a body when it negotiates, so the application does that.</summary>
    private static async Task<HubConnection> NegotiatedAsync(Caller caller, object body)
    {
        var grant = (await caller.PostAsync("api/negotiate", body)).MustBeOk().Json;
        return new HubConnectionBuilder()
            .WithUrl(grant.GetProperty("url").GetString()!, options =>
                options.AccessTokenProvider = () => Task.FromResult(grant.GetProperty("accessToken").GetString()))
            .Build();
    }
}
