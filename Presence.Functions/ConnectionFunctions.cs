using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;
using Presence.Core.Rosters;

namespace Presence.Functions;

/// <summary>What the SignalR service tells of its connections. Events come at least once, late and in any order.</summary>
public sealed partial class ConnectionFunctions(
    PresenceEngine engine, Snapshots snapshots, IRealtimeService realtime, Announcer announcer, ILogger<ConnectionFunctions> logger)
{
    private const string Category = "connections";

    [Function(nameof(OnConnected))]
    public async Task<EventOutput> OnConnected(
        [SignalRTrigger(PresenceHub.Name, Category, "connected")] SignalRInvocationContext context, CancellationToken cancellationToken)
    {
        if (UserOf(context) is not { } user)
        {
            return new();
        }

        Change change;
        try
        {
            change = await engine.ApplyAsync(user, new PresenceEvent.Connected(context.ConnectionId), cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // A connection we know nothing of would never hear anything. Closed, its client knows and comes again.
            await CloseAsync(context.ConnectionId, cancellationToken);
            throw;
        }

        object[] messages = announcer.Announce([.. change.Transitions, .. await engine.SettleAsync()]);
        object[] welcome = change.After.Connections.IsOpen(context.ConnectionId)
            ? await WelcomeAsync(context, change, cancellationToken)
            : [];
        return new() { SignalR = [.. messages, .. welcome] };
    }

    [Function(nameof(OnDisconnected))]
    public async Task<EventOutput> OnDisconnected(
        [SignalRTrigger(PresenceHub.Name, Category, "disconnected")] SignalRInvocationContext context, CancellationToken cancellationToken)
    {
        if (UserOf(context) is not { } user)
        {
            return new();
        }

        var change = await engine.ApplyAsync(user, new PresenceEvent.Disconnected(context.ConnectionId), cancellationToken);
        return new() { SignalR = announcer.Announce([.. change.Transitions, .. await engine.SettleAsync()]) };
    }

    private async Task<object[]> WelcomeAsync(SignalRInvocationContext context, Change change, CancellationToken cancellationToken)
    {
        var conversations = change.After.Rosters;
        var watched = WatchList.FromClaims(context.Claims);
        var groups = conversations.Select(GroupName.Conversation).Concat(watched.Select(GroupName.User));
        try
        {
            // First the groups, then the snapshot: what changes in between comes by the groups, and nothing is missed.
            foreach (var group in groups)
            {
                await realtime.EnterGroupAsync(context.ConnectionId, group, cancellationToken);
            }

            var snapshot = await snapshots.TakeAsync(conversations, watched, cancellationToken);
            return [announcer.ToMessage(new(ClientMethod.Snapshot, snapshot, ConnectionId: context.ConnectionId))];
        }
        catch (Exception e) when (e is StoreUnavailableException or RealtimeUnavailableException)
        {
            // The user is announced all the same. A connection that hears only a part is closed: its client knows, and comes again.
            LogNotWelcomed(context.ConnectionId, e);
            await CloseAsync(context.ConnectionId, cancellationToken);
            return [];
        }
    }

    private async Task CloseAsync(string connectionId, CancellationToken cancellationToken)
    {
        try
        {
            await realtime.CloseConnectionAsync(connectionId, cancellationToken);
        }
        catch (RealtimeUnavailableException e)
        {
            LogNotWelcomed(connectionId, e);
        }
    }

    /// <summary>A connection without a user of ours was not negotiated here; it is none of our business.</summary>
    private PresenceKey? UserOf(SignalRInvocationContext context)
    {
        try
        {
            return SignalRUserId.Parse(context.UserId ?? "");
        }
        catch (InvalidInputException e)
        {
            LogUnknownUser(context.ConnectionId, e.Message);
            return null;
        }
    }

    [LoggerMessage(EventName = "NotWelcomed", Level = LogLevel.Warning, Message = "Connection {ConnectionId} could not be welcomed.")]
    private partial void LogNotWelcomed(string connectionId, Exception exception);

    [LoggerMessage(EventName = "UnknownConnection", Level = LogLevel.Warning, Message = "Connection {ConnectionId} is not of a user of ours: {Reason}.")]
    private partial void LogUnknownUser(string connectionId, string reason);
}
