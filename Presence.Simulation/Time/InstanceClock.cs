namespace Presence.Simulation.Time;

/// <summary>
/// The clock of one instance: some seconds off, while its monotonic time is everybody's. It stops when the instance dies, and what is due
/// while the instance is frozen comes when it goes on.
/// </summary>
internal sealed class InstanceClock(VirtualTime time) : TimeProvider
{
    private TimeSpan _frozenUntil;

    /// <summary>How far the clock is ahead; negative if it is behind.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Whether the instance is dead: then nothing happens on it any more.</summary>
    public bool IsStopped { get; private set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => VirtualTime.Start + time.Now + Ahead;

    /// <inheritdoc/>
    public override long GetTimestamp() => time.Now.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends it.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>Whether nothing happens on the instance at the moment.</summary>
    public bool IsFrozen => _frozenUntil > time.Now;

    /// <summary>Nothing happens on the instance until then.</summary>
    public void Freeze(TimeSpan until) => _frozenUntil = until;

    /// <summary>Has something happen on the instance, unless it is dead by then.</summary>
    public void After(TimeSpan wait, Action what) => time.After(wait, () => Happen(what));

    private void Happen(Action what)
    {
        if (IsStopped)
        {
            return;
        }

        if (_frozenUntil > time.Now)
        {
            time.At(_frozenUntil, () => Happen(what));
            return;
        }

        what();
    }
}
