using Polly;
using Polly.Retry;
using Polly.Timeout;
using Presence.Core.Concurrency;
using Presence.Core.Ports;

namespace Presence.Core.Delivery;

/// <summary>
/// Stands in front of the SignalR service: each call has its time and a second try. A service that has failed some calls in a row is known
/// to refuse: then calls end at once, and one every <see cref="Pause"/> finds out whether it still does. One that refuses one call in
/// twenty is not taken for one that is down, and one of which nothing has been heard for a while not for one that still is.
/// </summary>
internal sealed class ServiceGate
{
    /// <summary>How long a call and its second try may take together.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(1.8);

    /// <summary>How long calls end at once before one tries again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>So long a failure says that the service is down. What comes later than that, while one call tries again, waits for it.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(15);

    /// <summary>So many calls in a row that failed, with both tries, are enough to know.</summary>
    public const int Enough = 3;

    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _twice;
    private readonly Lock _lock = new();
    private int _failures;
    private long _lastFailed;
    private TaskCompletionSource? _trial;

    /// <summary>Creates the gate of an instance.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="chance">From 0 to below 1, for waits that differ a little; by default truly random.</param>
    public ServiceGate(TimeProvider time, Func<double>? chance = null)
    {
        _time = time;
        _twice = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(Within)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RealtimeUnavailableException>(),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(100),
                UseJitter = true,
                Randomizer = chance ?? Random.Shared.NextDouble,
            })
            .Build();
    }

    /// <summary>Whether the service is known to refuse.</summary>
    public bool IsShut
    {
        get
        {
            lock (_lock)
            {
                return _failures >= Enough;
            }
        }
    }

    /// <summary>Ends with the call that finds out whether the service still refuses, if there is one under way.</summary>
    public Task Trial
    {
        get
        {
            lock (_lock)
            {
                return _trial?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Makes a call.</summary>
    /// <exception cref="RealtimeUnavailableException">The service is out of reach, refuses, does not answer in time, or is known to.</exception>
    /// <exception cref="OperationCanceledException">The caller does not wait any longer.</exception>
    public async Task CallAsync(Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken)
    {
        var trial = await EnterAsync(cancellationToken);
        bool? succeeded = null;
        try
        {
            await _twice.ExecuteAsync(static (c, token) => c(token), call, cancellationToken);
            succeeded = true;
        }
        catch (TimeoutRejectedException e)
        {
            succeeded = false;
            throw new RealtimeUnavailableException("The SignalR service does not answer.", e);
        }
        catch (RealtimeUnavailableException)
        {
            succeeded = false;
            throw;
        }
        finally
        {
            Leave(succeeded, trial);
        }
    }

    /// <summary>Makes a call whose second try, too, must not begin after a limit.</summary>
    /// <inheritdoc cref="CallAsync(Func{CancellationToken, ValueTask}, CancellationToken)" path="/exception"/>
    public Task CallAsync(Func<CancellationToken, ValueTask> call, TimeLimit limit) => CallAsync(
        token =>
        {
            limit.ThrowIfOver();
            return call(token);
        },
        limit.Token);

    /// <summary>Lets a call through, or refuses it. Not null for the one call that tries whether a service that refused still does.</summary>
    private async ValueTask<TaskCompletionSource?> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task underWay;
            lock (_lock)
            {
                if (_failures < Enough)
                {
                    return null;
                }

                var since = _time.GetElapsedTime(_lastFailed);
                if (since >= Pause && _trial is null)
                {
                    return _trial = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                if (since < KnownFor || _trial is null)
                {
                    throw new RealtimeUnavailableException("The SignalR service is known to refuse.");
                }

                underWay = _trial.Task;
            }

            await underWay.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A call that its caller gave up says nothing of the service.</summary>
    private void Leave(bool? succeeded, TaskCompletionSource? trial)
    {
        lock (_lock)
        {
            _trial = trial is null ? _trial : null;
            if (succeeded == true)
            {
                _failures = 0;
            }
            else if (succeeded == false)
            {
                _failures = Math.Min(_failures + 1, Enough);
                _lastFailed = _time.GetTimestamp();
            }
        }

        trial?.SetResult();
    }
}
