namespace Presence.Benchmarks.Load;

/// <summary>When hosts were killed, and when they were back: what goes wrong then was meant to. Safe to use by many at once.</summary>
internal sealed class Kills
{
    /// <summary>A connection that was kept may be found dead a little later.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

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
