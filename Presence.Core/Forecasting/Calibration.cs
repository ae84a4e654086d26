namespace Presence.Core.Forecasting;

/// <summary>
/// What came true of what was held, as a map that rises: of each tenth of probabilities the share in which the user was here, shrunk to what was held, made
/// to rise by pooling neighbours that do not (Ayer et al. 1955; isotonic regression as Zadrozny and Elkan 2002), and straight between the means of tenths.
/// </summary>
internal sealed class Calibration
{
    private const int Bins = 10;

    /// <summary>As how many hours it counts that what was held is right.</summary>
    private const double Prior = 40;

    private const double Kept = 0.95;

    private readonly double[] _held = new double[Bins];
    private readonly double[] _came = new double[Bins];
    private readonly double[] _hours = new double[Bins];
    private readonly double[] _x = new double[Bins + 2];
    private readonly double[] _y = new double[Bins + 2];
    private int _points;

    public Calibration() => Settle();

    /// <summary>Learns of a week.</summary>
    /// <param name="held">Of each hour what was held, before calibration.</param>
    /// <param name="shares">Of each hour, how much of it the user was here.</param>
    public void Learn(ReadOnlySpan<double> held, ReadOnlySpan<double> shares)
    {
        for (var b = 0; b < Bins; b++)
        {
            _held[b] *= Kept;
            _came[b] *= Kept;
            _hours[b] *= Kept;
        }

        for (var i = 0; i < held.Length; i++)
        {
            var b = Math.Min(Bins - 1, (int)(held[i] * Bins));
            _held[b] += held[i];
            _came[b] += shares[i];
            _hours[b]++;
        }

        Settle();
    }

    /// <summary>What a probability was worth so far.</summary>
    public double Of(double probability)
    {
        var i = 1;
        while (i < _points - 1 && _x[i] < probability)
        {
            i++;
        }

        var width = _x[i] - _x[i - 1];
        return width <= 0 ? _y[i] : _y[i - 1] + ((_y[i] - _y[i - 1]) * (probability - _x[i - 1]) / width);
    }

    private void Settle()
    {
        // Nought and one stay what they are; in between the means of what there is, pooled until they rise.
        Span<double> weight = stackalloc double[Bins];
        (_x[0], _y[0], _points) = (0, 0, 1);
        for (var b = 0; b < Bins; b++)
        {
            if (_hours[b] == 0)
            {
                continue;
            }

            var held = _held[b] / _hours[b];
            (_x[_points], _y[_points]) = (held, (_came[b] + (Prior * held)) / (_hours[b] + Prior));
            weight[_points - 1] = _hours[b] + Prior;
            for (_points++; _points > 2 && _y[_points - 1] < _y[_points - 2]; _points--)
            {
                var (last, before) = (weight[_points - 2], weight[_points - 3]);
                _x[_points - 2] = ((_x[_points - 1] * last) + (_x[_points - 2] * before)) / (last + before);
                _y[_points - 2] = ((_y[_points - 1] * last) + (_y[_points - 2] * before)) / (last + before);
                weight[_points - 3] = last + before;
            }
        }

        var top = _points > 1 ? Math.Min(1, _y[_points - 1] / Math.Max(_x[_points - 1], 1e-9)) : 1;
        (_x[_points], _y[_points]) = (1, Math.Max(top, _y[_points - 1]));
        _points++;
    }
}
