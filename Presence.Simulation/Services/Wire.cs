using Presence.Simulation.Instances;
using Presence.Simulation.Operations;
using Presence.Simulation.Time;
using Presence.Simulation.Traces;

namespace Presence.Simulation.Services;

/// <summary>The way from one instance to one service, on which everything can go wrong.</summary>
internal sealed class Wire(
    string service, InstanceLife life, Weather weather, Chance chance, VirtualTime time, Trace trace, Func<string, Exception> failure)
{
    /// <summary>How much time has passed.</summary>
    public TimeSpan Now => time.Now;

    /// <summary>Makes a request.</summary>
    /// <param name="what">For the trace.</param>
    /// <param name="patience">After how long the caller's client gives up; endless where the caller itself must.</param>
    /// <param name="apply">What the service does, all at once.</param>
    /// <param name="conflict">The answer to a write whose condition does not hold; none for what has no condition.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<T> CallAsync<T>(string what, TimeSpan patience, Func<T> apply, Func<T>? conflict, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>();
        var operation = Operation.Current;
        var fault = weather.Next(conflict is not null);
        var (there, back) = (weather.OneWay(), weather.OneWay());
        if (fault is not Fault.None)
        {
            operation?.FailedAt(service);
            life.HasTrouble |= service == "signalr";
            trace.Say(life.Name, $"{service} {what} [{operation?.Name}]: {fault}");
        }
        else if (there + back > TimeSpan.FromSeconds(0.5))
        {
            operation?.FailedAt(service);
            life.HasTrouble |= service == "signalr";
        }

        if (operation is { Kind: OperationKind.Held or OperationKind.Stop } && (fault is not Fault.None || !weather.IsFair))
        {
            life.HeldFailedAt = time.Now + there + back;
        }

        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.UnsafeRegister(_ => answer.TrySetCanceled(cancellationToken), null);
            _ = answer.Task.ContinueWith(_ => registration.Unregister(), TaskContinuationOptions.ExecuteSynchronously);
        }

        switch (fault)
        {
            case Fault.None:
                Do(there, () => Answer(back, apply()));
                break;
            case Fault.Refused:
                Fail(there + back);
                break;
            case Fault.LostRequest:
                FailIfPatienceEnds();
                break;
            case Fault.LostAnswer:
                Do(there, () => apply());
                if (chance.Hit(0.5))
                {
                    Fail(there + back);
                }
                else
                {
                    FailIfPatienceEnds();
                }

                break;
            case Fault.Late:
                Fail(there + back);
                Do(there + back + chance.Span(0.01, 3), () => apply());
                break;
            case Fault.OwnConflict:
                Do(there, () =>
                {
                    apply();
                    Answer(back, conflict!());
                });
                break;
            case Fault.FalseConflict:
                Do(there, () => Answer(back, conflict!()));
                break;
            case Fault.CrashBefore:
                time.After(TimeSpan.Zero, life.Crash);
                break;
            case Fault.CrashAfter:
                Do(there, () => apply());
                time.After(there, life.Crash);
                break;
            default:
                throw new InvalidOperationException($"There is no fault {fault}.");
        }

        return answer.Task;

        void Do(TimeSpan when, Action what) => time.After(when, () => Operation.In(operation, what));

        void Answer(TimeSpan when, T value)
        {
            operation?.Waited(service, there + back);
            life.Clock.After(when, () => answer.TrySetResult(value));
        }

        void Fail(TimeSpan when)
        {
            operation?.Waited(service, when);
            life.Clock.After(when, () => answer.TrySetException(failure(what)));
        }

        void FailIfPatienceEnds()
        {
            if (patience != Timeout.InfiniteTimeSpan)
            {
                Fail(patience);
            }
        }
    }
}
