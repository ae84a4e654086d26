namespace Presence.Benchmarks.Load;

/// <summary>When hosts were killed, and when they were back: what goes wrong then was meant to. Safe to use by many at once.</summary>
internal sealed class Kills
{
    /// <summary>A connection that was kept may be found dead a little later.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    /// <summary>So long those wait who were let down, before they give up.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    private readonly List<(int Host, DateTimeOffset From, DateTimeOffset? To)> _kills = [];

    public int Count
    {
        get
        {
            lock (_kills)
            {
                return _kills.Count;
            }
        }
    }

    /// <summary>Whether any host was killed, or away, in the time given or shortly before.</summary>
    public bool ExplainAny(DateTimeOffset at)
    {
        lock (_kills)
        {
            return _kills.Exists(kill => kill.From <= at && !(kill.To + Settling < at));
        }
    }

    public void Killed(int host, DateTimeOffset at)
    {
        lock (_kills)
        {
            _kills.Add((host, at, null));
        }
    }

    public void IsBack(int host, DateTimeOffset at)
    {
        lock (_kills)
        {
            var last = _kills.FindLastIndex(kill => kill.Host == host);
            _kills[last] = _kills[last] with { To = at };
        }
    }

    /// <summary>Whether the host was killed, or away, in this time.</summary>
    public bool Explain(int host, DateTimeOffset from, DateTimeOffset to)
    {
        lock (_kills)
        {
            return _kills.Exists(kill => kill.Host == host && kill.From <= to && !(kill.To + Afterwards < from));
        }
    }
}
