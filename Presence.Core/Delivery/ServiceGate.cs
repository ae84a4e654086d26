using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Presence.Core.Ports;

namespace Presence.Core.Delivery;

/// <summary>
/// Stands in front of the SignalR service: each call has its time and a second try, and while the service is known to refuse, calls end
/// at once. After <see cref="Pause"/> one call tries again.
/// </summary>
internal sealed class ServiceGate
{
    /// <summary>How long a call and its second try may take together.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(1.8);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;

    /// <summary>Creates the gate of an instance.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="chance">From 0 to below 1, for waits that differ a little; by default truly random.</param>
    public ServiceGate(TimeProvider time, Func<double>? chance = null) => _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(Within)
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<RealtimeUnavailableException>(),
            MaxRetryAttempts = 1,
            Delay = TimeSpan.FromMilliseconds(100),
            UseJitter = true,
            Randomizer = chance ?? Random.Shared.NextDouble,
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // A service that refuses one call in twenty must not be taken for one that is down.
            ShouldHandle = new PredicateBuilder().Handle<RealtimeUnavailableException>().Handle<OperationCanceledException>(),
            FailureRatio = 0.9,
            MinimumThroughput = 4,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = Pause,
            StateProvider = _state,
        })
        .Build();

    /// <summary>Whether the service is known to refuse.</summary>
    public bool IsShut => _state.CircuitState is CircuitState.Open or CircuitState.Isolated;

    /// <summary>Makes a call.</summary>
    /// <exception cref="RealtimeUnavailableException">The service is out of reach, refuses, does not answer in time, or is known to.</exception>
    /// <exception cref="OperationCanceledException">The caller does not wait any longer.</exception>
    public async Task CallAsync(Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken)
    {
        try
        {
            await _pipeline.ExecuteAsync(static (c, token) => c(token), call, cancellationToken);
        }
        catch (Exception e) when (e is Polly.Timeout.TimeoutRejectedException or BrokenCircuitException)
        {
            throw new RealtimeUnavailableException("The SignalR service is out of reach.", e);
        }
    }
}
