using Presence.Core.Ports;

namespace Presence.Core.Truth;

/// <summary>What the checks of the last day say of what is shown.</summary>
/// <param name="CheckedAt">When users were last taken to be checked, UTC.</param>
/// <param name="Right">Users shown as they are.</param>
/// <param name="Wrong">Users who are not so, and have not been for long.</param>
/// <param name="Unchecked">Users of whom it could not be found out.</param>
/// <param name="Unasked">Users of whom the service cannot tell: here by activity alone, or unseen by choice.</param>
/// <param name="Rate">Those right, in percent of those right or wrong; null where there are none.</param>
public sealed record TruthStats(DateTimeOffset CheckedAt, long Right, long Wrong, long Unchecked, long Unasked, double? Rate)
{
    /// <summary>What is told of a record; null where nobody was checked in the day up to now.</summary>
    public static TruthStats? Of(TruthRecord record, DateTimeOffset now)
    {
        if (record.CountsAt(now) is not var (right, wrong, uncertain, unasked))
        {
            return null;
        }

        return new(record.CheckedAt, right, wrong, uncertain, unasked, right + wrong == 0 ? null : Math.Round(100.0 * right / (right + wrong), 3));
    }
}
