using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Watching;
using Presence.Functions;
using Presence.Tests.Core;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Functions;

/// <summary>Nobody tells an event of a connection a second time, so the function that hears of it does what can be done.</summary>
public sealed class ConnectionFunctionsTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryPresenceStore _store = new();
    private readonly Instance _instance;
    private readonly ConnectionFunctions _functions;

    public ConnectionFunctionsTests()
    {
        _instance = Instance.OverMemory(_store, _clock);
        _functions = new(
            _instance.Engine,
            _store,
            new NegotiatedUsers(_clock),
            _instance.Get<WatchLists>(),
            _instance.Realtime,
            new MessageBinding(_instance.Get<BindingMessages>(), Options.Create(Settings())),
            _instance.Get<PresenceMetrics>(),
            _clock,
            NullLogger<ConnectionFunctions>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADisconnectedEventWaitsForStorageToComeBack()
    {
        await ConnectAsync();
        var back = _clock.GetUtcNow() + Seconds(20);
        _store.OnLoad = _ => _clock.GetUtcNow() < back ? throw new StoreUnavailableException("out of reach") : Task.CompletedTask;

        await _clock.RunAsync(_functions.OnDisconnected(Event(), Cancellation), Seconds(0.2));

        Assert.Equal(_clock.GetUtcNow(), (await LoadAsync()).Online!.LastClosedAt!.Value, Seconds(10));
        Assert.Empty((await LoadAsync()).Connections.Open);
    }

    [Fact]
    public async Task AfterHalfAMinuteItIsGivenUpAndTheConnectionAskedForLater()
    {
        await ConnectAsync();
        _store.OnLoad = _ => throw new StoreUnavailableException("out of reach");
        var began = _clock.GetUtcNow();

        await Assert.ThrowsAnyAsync<Exception>(() => _clock.RunAsync(_functions.OnDisconnected(Event(), Cancellation), Seconds(0.2)));

        Assert.InRange(_clock.GetUtcNow() - began, Seconds(25), Seconds(60));
        Assert.InRange(_store.Loads, 6, 15);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AConnectionOfWhichNothingCanBeStoredIsClosed(bool isStorage)
    {
        _store.OnLoad = _ => throw (isStorage ? new StoreUnavailableException("out of reach") : new InvalidDataException("odd row"));
        _instance.Realtime.Has(Connection, Alice);

        await Assert.ThrowsAnyAsync<Exception>(() => _clock.RunAsync(_functions.OnConnected(Event(), Cancellation), Seconds(0.2)));

        Assert.Equal([Connection], _instance.Realtime.Closed);
    }

    [Fact]
    public async Task ItsClosingIsTriedUntilTheServiceIsBack()
    {
        _store.OnLoad = _ => throw new StoreUnavailableException("out of reach");
        var back = _clock.GetUtcNow() + Seconds(10);
        _instance.Realtime.OnCall = _ => _clock.GetUtcNow() < back ? throw new RealtimeUnavailableException("out of reach") : Task.CompletedTask;

        await Assert.ThrowsAnyAsync<Exception>(() => _clock.RunAsync(_functions.OnConnected(Event(), Cancellation), Seconds(0.2)));

        Assert.Equal([Connection], _instance.Realtime.Closed);
    }

    private async Task ConnectAsync()
    {
        _instance.Realtime.Has(Connection, Alice);
        await _functions.OnConnected(Event(), Cancellation);
        Assert.True((await LoadAsync()).Connections.IsOpen(Connection));
    }

    private async Task<UserRecords> LoadAsync() => (await _store.LoadAsync(Alice, Cancellation)).Records;

    private static SignalRInvocationContext Event() => new() { ConnectionId = Connection, UserId = "alice" };
}
