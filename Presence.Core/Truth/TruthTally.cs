using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Truth;

/// <summary>What came out of the checks of this instance, until it is kept for all.</summary>
internal sealed class TruthTally(PresenceMetrics metrics)
{
    private readonly Lock _lock = new();
    private TruthCounts _counts;

    /// <summary>Counts the check of a user.</summary>
    /// <param name="isHere">What is shown of the user.</param>
    /// <param name="outcome">One of <see cref="CheckOutcome"/>.</param>
    public void Count(bool isHere, string outcome)
    {
        metrics.CheckedTruth(isHere, outcome);
        PutBack(outcome switch
        {
            CheckOutcome.Right => new(1, 0, 0),
            CheckOutcome.Wrong => new(0, 1, 0),
            CheckOutcome.Unchecked => new(0, 0, 1),
            CheckOutcome.Unasked => new(0, 0, 0, 1),
            _ => default,
        });
    }

    /// <summary>Takes out what is to be kept.</summary>
    public TruthCounts Take()
    {
        lock (_lock)
        {
            var taken = _counts;
            _counts = default;
            return taken;
        }
    }

    /// <summary>
    /// What was taken out and not kept. If storage did keep it, and did not get to say so, it counts twice: all of it alike, which leaves the rate as it is.
    /// </summary>
    public void PutBack(TruthCounts counts)
    {
        lock (_lock)
        {
            _counts += counts;
        }
    }
}
