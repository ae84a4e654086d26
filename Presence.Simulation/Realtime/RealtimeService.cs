using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Simulation.Services;

namespace Presence.Simulation.Realtime;

/// <summary>One instance's way to the SignalR service. What is lost on it is waited for without end: whoever calls gives up by itself.</summary>
internal sealed class RealtimeService(SignalR signalR, Wire wire) : IRealtimeService
{
    public async ValueTask<ConnectionGrant> NegotiateAsync(
        PresenceKey caller, IReadOnlyDictionary<string, string> claims, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        // Tokens are signed here; the service is not asked.
        await Task.CompletedTask;
        return new("https://signalr.example", "token");
    }

    public ValueTask<bool> ConnectionExistsAsync(string connectionId, CancellationToken cancellationToken) =>
        CallAsync("exists", () => signalR.Exists(connectionId), cancellationToken);

    public ValueTask<bool> UserIsConnectedAsync(PresenceKey user, CancellationToken cancellationToken) =>
        CallAsync("is connected", () => signalR.IsConnected(user), cancellationToken);

    public async ValueTask SendToGroupAsync(string group, string target, object argument, CancellationToken cancellationToken) =>
        await CallAsync($"send to {group}", () => signalR.SendToGroup(group, argument), cancellationToken);

    public async ValueTask SendToGroupExceptAsync(
        string group, IReadOnlyList<string> excluded, string target, object argument, CancellationToken cancellationToken) =>
        await CallAsync($"send to {group} except {excluded.Count}", () => signalR.SendToGroup(group, argument, excluded), cancellationToken);

    public async ValueTask SendToConnectionAsync(string connectionId, string target, object argument, CancellationToken cancellationToken) =>
        await CallAsync($"send to {connectionId}", () => signalR.SendToConnection(connectionId, argument), cancellationToken);

    public async ValueTask SendToUserAsync(PresenceKey user, string target, object argument, CancellationToken cancellationToken) =>
        await CallAsync($"send to user {user}", () => signalR.SendToUser(user, argument), cancellationToken);

    public async ValueTask EnterGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        await CallAsync($"enter {group}", () => signalR.Enter(connectionId, group), cancellationToken);

    public async ValueTask ExitGroupAsync(PresenceKey user, string group, CancellationToken cancellationToken) =>
        await CallAsync($"exit {group}", () => signalR.Exit(user, group), cancellationToken);

    public async ValueTask ExitGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        await CallAsync($"exit {group}", () => signalR.Exit(connectionId, group), cancellationToken);

    public async ValueTask CloseConnectionAsync(string connectionId, CancellationToken cancellationToken) => await CallAsync(
        $"close {connectionId}",
        () =>
        {
            signalR.Close(connectionId, byUs: true);
            return true;
        },
        cancellationToken);

    private ValueTask<T> CallAsync<T>(string what, Func<T> apply, CancellationToken cancellationToken) =>
        new(wire.CallAsync(what, Timeout.InfiniteTimeSpan, apply, null, cancellationToken));
}
