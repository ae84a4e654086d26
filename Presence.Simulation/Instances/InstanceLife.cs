using Presence.Simulation.Time;

namespace Presence.Simulation.Instances;

/// <summary>Whether an instance lives, what its clock shows, and how it is called.</summary>
internal sealed class InstanceLife(string name, InstanceClock clock, TimeSpan bornAt)
{
    /// <summary>How it is called.</summary>
    public string Name => name;

    /// <summary>Its clock.</summary>
    public InstanceClock Clock => clock;

    /// <summary>When it started.</summary>
    public TimeSpan BornAt => bornAt;

    /// <summary>When it died; null while it lives.</summary>
    public TimeSpan? DiedAt { get; private set; }

    /// <summary>Until when something kept it from writing what it held back; null if nothing ever did.</summary>
    public TimeSpan? HeldFailedAt { get; set; }

    /// <summary>Until when it was frozen last; null if it never was.</summary>
    public TimeSpan? LastFrozenUntil { get; set; }

    /// <summary>Whether the SignalR service has ever failed it: from then on it may hold back calls there, until one finds out better.</summary>
    public bool HasTrouble { get; set; }

    /// <summary>Raised when it dies.</summary>
    public event Action? Died;

    /// <summary>Ends it at once: nothing it has begun goes on.</summary>
    public void Crash()
    {
        if (DiedAt is null)
        {
            DiedAt = TimeSpan.FromTicks(clock.GetTimestamp());
            clock.Stop();
            Died?.Invoke();
        }
    }
}
