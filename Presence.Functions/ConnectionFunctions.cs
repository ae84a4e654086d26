using Microsoft.Azure.Functions.Worker;
using Polly;
using Polly.Retry;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Watching;

namespace Presence.Functions;

/// <summary>What the SignalR service tells of its connections. Events come once, late, double, in any order, or not at all.</summary>
public sealed partial class ConnectionFunctions
{
    private const string Category = "connections";

    /// <summary>So long an event waits for storage, or for the service itself: nobody tells it a second time.</summary>
    private static readonly TimeSpan TryFor = TimeSpan.FromSeconds(30);

    private readonly PresenceEngine _engine;
    private readonly IPresenceStore _store;
    private readonly NegotiatedUsers _negotiated;
    private readonly WatchLists _watches;
    private readonly IRealtimeService _realtime;
    private readonly MessageBinding _binding;
    private readonly PresenceMetrics _metrics;
    private readonly ILogger<ConnectionFunctions> _logger;
    private readonly ResiliencePipeline _patience;

    /// <summary>Creates the functions.</summary>
    public ConnectionFunctions(
        PresenceEngine engine, IPresenceStore store, NegotiatedUsers negotiated, WatchLists watches, IRealtimeService realtime, MessageBinding binding,
        PresenceMetrics metrics, TimeProvider time, ILogger<ConnectionFunctions> logger)
    {
        (_engine, _store, _negotiated, _watches) = (engine, store, negotiated, watches);
        (_realtime, _binding, _metrics, _logger) = (realtime, binding, metrics, logger);
        _patience = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(TryFor)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<StoreUnavailableException>().Handle<RealtimeUnavailableException>(),
                MaxRetryAttempts = 10,
                Delay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
                MaxDelay = TimeSpan.FromSeconds(5),
                UseJitter = true,
            })
            .Build();
    }

    [Function(nameof(OnConnected))]
    public async Task<EventOutput> OnConnected(
        [SignalRTrigger(PresenceHub.Name, Category, "connected")] SignalRInvocationContext context, CancellationToken cancellationToken)
    {
        _metrics.Executed(byTimer: false);
        var run = _binding.Begin();
        if (UserOf(context) is { } user)
        {
            await ConnectAsync(user, context, cancellationToken);
        }

        return new() { SignalR = MessageBinding.End(run) };
    }

    [Function(nameof(OnDisconnected))]
    public async Task<EventOutput> OnDisconnected(
        [SignalRTrigger(PresenceHub.Name, Category, "disconnected")] SignalRInvocationContext context, CancellationToken cancellationToken)
    {
        _metrics.Executed(byTimer: false);
        var run = _binding.Begin();
        if (UserOf(context) is { } user)
        {
            // Lost, it would keep its user here until the connection is asked for.
            await _patience.ExecuteAsync(
                async token => await _engine.ApplyAsync(user, new PresenceEvent.Disconnected(context.ConnectionId), token), cancellationToken);
        }

        return new() { SignalR = MessageBinding.End(run) };
    }

    private async Task ConnectAsync(PresenceKey user, SignalRInvocationContext context, CancellationToken cancellationToken)
    {
        var negotiated = NegotiationClaims.Of(context.Claims);
        try
        {
            // First the marks, then the groups: what changes in between is sent, and nothing is missed.
            await _watches.MarkAsync(negotiated.Watched, cancellationToken);
            var connected = new PresenceEvent.Connected(
                context.ConnectionId, negotiated.NegotiatedAt, negotiated.ActiveAt, negotiated.Watched, negotiated.Device);
            var known = _negotiated.Take(user) ?? await _store.LoadComingAsync(user, cancellationToken);
            await _engine.ApplyAsync(user, connected, cancellationToken, known);
        }
        catch (Exception)
        {
            // A connection we know nothing of would never hear anything. Closed, its client knows and comes again. That is worth a try even
            // where this instance is about to end.
            await CloseAsync(context.ConnectionId, CancellationToken.None);
            throw;
        }
    }

    private async Task CloseAsync(string connectionId, CancellationToken cancellationToken)
    {
        try
        {
            await _patience.ExecuteAsync(async token => await _realtime.CloseConnectionAsync(connectionId, token), cancellationToken);
        }
        catch (Exception e) when (e is RealtimeUnavailableException or Polly.Timeout.TimeoutRejectedException)
        {
            LogNotClosed(connectionId, e);
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

    [LoggerMessage(
        EventName = "ConnectionNotClosed", Level = LogLevel.Warning,
        Message = "Connection {ConnectionId}, of which nothing could be stored, could not be closed either.")]
    private partial void LogNotClosed(string connectionId, Exception exception);

    [LoggerMessage(EventName = "UnknownConnection", Level = LogLevel.Warning, Message = "Connection {ConnectionId} is not of a user of ours: {Reason}.")]
    private partial void LogUnknownUser(string connectionId, string reason);
}
