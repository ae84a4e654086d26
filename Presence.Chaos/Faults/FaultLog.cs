namespace Presence.Chaos.Faults;

/// <summary>
/// When something that everybody needs was out of order. The death of one host of several is not on it: the others do its work.
/// </summary>
internal sealed class FaultLog
{
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _faults = [];
    private readonly Lock _gate = new();

    public void Add(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            _faults.Add((from, to));
        }
    }

    /// <summary>How much of the time between was without faults.</summary>
    public TimeSpan QuietBetween(DateTimeOffset from, DateTimeOffset to)
    {
        var quiet = TimeSpan.Zero;
        var at = from;
        lock (_gate)
        {
            foreach (var fault in _faults.OrderBy(fault => fault.From))
            {
                if (fault.To <= at)
                {
                    continue;
                }

                if (fault.From >= to)
                {
                    break;
                }

                quiet += fault.From > at ? fault.From - at : TimeSpan.Zero;
                at = fault.To;
            }
        }

        return quiet + (to > at ? to - at : TimeSpan.Zero);
    }
}
