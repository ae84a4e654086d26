using Presence.Core.Forecasting;

namespace Presence.Benchmarks.Forecasts;

/// <summary>How good forecasts of one model were, over many hours.</summary>
internal sealed class Score
{
    private const int Buckets = 10;

    private readonly double[] _told = new double[Buckets];
    private readonly double[] _came = new double[Buckets];
    private readonly double[] _hours = new double[Buckets];
    private double _loss;
    private double _baseLoss;

    /// <summary>Brier skill against the base rate: 1 for one who knows the future, 0 for the base rate itself.</summary>
    public double Skill => _baseLoss == 0 ? 0 : 1 - (_loss / _baseLoss);

    /// <summary>How far what was told is from what came true, mean over the hours, in ten buckets of what was told.</summary>
    public double CalibrationError => Hours == 0 ? 0 : _told.Zip(_came, (told, came) => Math.Abs(told - came)).Sum() / Hours;

    /// <summary>How many hours.</summary>
    public double Hours => _hours.Sum();

    /// <summary>Of each bucket: the mean of what was told, the share that came true, and how many hours.</summary>
    public IEnumerable<(double Told, double Came, double Hours)> Calibration =>
        Enumerable.Range(0, Buckets).Where(b => _hours[b] > 0).Select(b => (_told[b] / _hours[b], _came[b] / _hours[b], _hours[b]));

    public void Add(ReadOnlySpan<double> probabilities, double baseRate, ReadOnlySpan<double> shares)
    {
        for (var i = 0; i < shares.Length; i++)
        {
            _loss += ForecastSkill.Loss(probabilities[i], shares[i]);
            _baseLoss += ForecastSkill.Loss(baseRate, shares[i]);
            var bucket = Math.Min(Buckets - 1, (int)(probabilities[i] * Buckets));
            _told[bucket] += probabilities[i];
            _came[bucket] += shares[i];
            _hours[bucket]++;
        }
    }

    public void Add(Score other)
    {
        (_loss, _baseLoss) = (_loss + other._loss, _baseLoss + other._baseLoss);
        for (var b = 0; b < Buckets; b++)
        {
            _told[b] += other._told[b];
            _came[b] += other._came[b];
            _hours[b] += other._hours[b];
        }
    }
}
