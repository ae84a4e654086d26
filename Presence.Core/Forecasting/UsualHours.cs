namespace Presence.Core.Forecasting;

/// <summary>Of how likely a user is here in each hour: when it usually is.</summary>
internal static class UsualHours
{
    /// <summary>Usually is more often than not: with a margin, since of many hours those are told that seem most likely.</summary>
    public const double Usual = 0.55;

    /// <summary>An hour between two such hours is told with them, if it is nearly as likely.</summary>
    private const double Nearly = 0.4;

    /// <summary>Fewer hours than this on end are not told.</summary>
    private const int Least = 2;

    /// <summary>The runs of hours: the first of each, and the first after it.</summary>
    public static IReadOnlyList<(int From, int Until)> Of(ReadOnlySpan<double> probabilities)
    {
        List<(int From, int Until)> found = [];
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] < Usual)
            {
                continue;
            }

            if (found is [.., var last] && (last.Until == i || (last.Until == i - 1 && probabilities[i - 1] >= Nearly)))
            {
                found[^1] = (last.From, i + 1);
            }
            else
            {
                found.Add((i, i + 1));
            }
        }

        found.RemoveAll(hours => hours.Until - hours.From < Least);
        return found;
    }
}
