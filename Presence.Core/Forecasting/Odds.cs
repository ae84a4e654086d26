namespace Presence.Core.Forecasting;

/// <summary>Probabilities and the logarithms of their odds.</summary>
internal static class Odds
{
    private const double Least = 0.001;

    /// <summary>The logarithm of the odds; of what is as good as certain, that of 1 to 999.</summary>
    public static double Log(double probability)
    {
        var bounded = Math.Clamp(probability, Least, 1 - Least);
        return Math.Log(bounded / (1 - bounded));
    }

    /// <summary>The other way round.</summary>
    public static double Probability(double logOdds) => 1 / (1 + Math.Exp(-logOdds));
}
