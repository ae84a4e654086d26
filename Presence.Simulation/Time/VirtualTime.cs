using System.Diagnostics;

namespace Presence.Simulation.Time;

/// <summary>
/// Time that passes only when nothing is left to do. Everything that waits, waits for an event here; events run one after the other in the
/// order of their moments, and of events at one moment the one that was asked for first runs first. All of it on the only thread of the
/// pool (the project file sees to that), so that code that hops there by itself, as loops in parallel and completions that run
/// asynchronously do, runs in the same order each time as well.
/// </summary>
internal sealed class VirtualTime
{
    /// <summary>When every schedule begins. A whole minute, so that schedules of sweeps are multiples of their interval.</summary>
    public static readonly DateTimeOffset Start = new(2031, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>How much has passed since the start.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many events have run.</summary>
    public long Events { get; private set; }

    /// <summary>Has something done at a moment; at once, but after what is due now, for one that has passed.</summary>
    public void At(TimeSpan moment, Action what) => _events.Enqueue(what, (Math.Max(moment.Ticks, Now.Ticks), _order++));

    /// <summary>Has something done after a while.</summary>
    public void After(TimeSpan wait, Action what) => At(Now + wait, what);

    /// <summary>Waits.</summary>
    public Task DelayAsync(TimeSpan wait)
    {
        var passed = new TaskCompletionSource();
        After(wait, passed.SetResult);
        return passed.Task;
    }

    /// <summary>Lets time pass until the moment given, or until it is to stop.</summary>
    public async Task RunAsync(TimeSpan until, Func<bool> isOver)
    {
        while (!isOver() && _events.TryPeek(out _, out var next) && next.At <= until.Ticks)
        {
            var happen = _events.Dequeue();
            Debug.Assert(next.At >= Now.Ticks, "Time never goes back.");
            Now = new(next.At);
            Events++;
            happen();
            await RestAsync();
        }
    }

    /// <summary>Ends when the only thread has nothing else to do.</summary>
    public static async Task RestAsync()
    {
        while (ThreadPool.PendingWorkItemCount > 0)
        {
            await Task.Yield();
        }
    }
}
