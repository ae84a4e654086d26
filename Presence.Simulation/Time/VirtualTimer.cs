namespace Presence.Simulation.Time;

/// <summary>A timer of an instance.</summary>
internal sealed class VirtualTimer(InstanceClock clock, Action callback) : ITimer
{
    private int _setting;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        var setting = ++_setting;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            clock.After(dueTime, () => Fire(setting, period));
        }

        return true;
    }

    public void Dispose() => _setting++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fire(int setting, TimeSpan period)
    {
        if (setting != _setting)
        {
            return;
        }

        if (period > TimeSpan.Zero)
        {
            clock.After(period, () => Fire(setting, period));
        }

        callback();
    }
}
