namespace Presence.Core.Forecasting;

/// <summary>
/// Logistic regression that learns week by week: what it held of its weights before a week (a normal distribution) is the prior for that week, and
/// the Laplace approximation of the posterior is what it holds then. So it starts from weights that suit most, and what it forecasts of a week it does
/// without having seen it. (Spiegelhalter and Lauritzen 1990, "Sequential updating of conditional probabilities on directed graphical structures".)
/// </summary>
internal sealed class HabitRegression
{
    /// <summary>Hours that follow each other say much the same: each counts as so much of an observation.</summary>
    private const double HourCounts = 0.1;

    /// <summary>Each week so much of what was learnt is doubted again: habits change.</summary>
    private const double Doubted = 0.02;

    private const int Steps = 3;

    private readonly int _size;
    private readonly double[] _prior;
    private readonly double[] _precision;

    /// <param name="weights">The weights to begin with.</param>
    /// <param name="deviations">How far off each may be.</param>
    public HabitRegression(ReadOnlySpan<double> weights, ReadOnlySpan<double> deviations)
    {
        _size = weights.Length;
        Weights = weights.ToArray();
        _prior = new double[_size];
        _precision = new double[_size * _size];
        for (var i = 0; i < _size; i++)
        {
            _prior[i] = 1 / (deviations[i] * deviations[i]);
            _precision[(i * _size) + i] = _prior[i];
        }
    }

    /// <summary>What it holds of the weights.</summary>
    public double[] Weights { get; }

    /// <summary>The probability where the logarithm of the odds is the one given and what the features add.</summary>
    public double Probability(double offset, ReadOnlySpan<double> features)
    {
        for (var i = 0; i < _size; i++)
        {
            offset += Weights[i] * features[i];
        }

        return Odds.Probability(offset);
    }

    /// <summary>Learns of a week.</summary>
    /// <param name="offset">The logarithm of the odds without features.</param>
    /// <param name="features">The features of each hour, one hour after the other.</param>
    /// <param name="shares">Of each hour, how much of it the user was here.</param>
    public void Learn(double offset, ReadOnlySpan<double> features, ReadOnlySpan<double> shares)
    {
        var size = _size;
        for (var i = 0; i < size * size; i++)
        {
            _precision[i] *= 1 - Doubted;
        }

        for (var i = 0; i < size; i++)
        {
            _precision[(i * size) + i] += Doubted * _prior[i];
        }

        var before = (double[])Weights.Clone();
        var curvature = new double[size * size];
        var gradient = new double[size];
        for (var step = 0; step < Steps; step++)
        {
            _precision.CopyTo(curvature, 0);
            for (var i = 0; i < size; i++)
            {
                gradient[i] = 0;
                for (var j = 0; j < size; j++)
                {
                    gradient[i] -= _precision[(i * size) + j] * (Weights[j] - before[j]);
                }
            }

            for (var hour = 0; hour < shares.Length; hour++)
            {
                var x = features.Slice(hour * size, size);
                var p = Probability(offset, x);
                var (error, variance) = (HourCounts * (shares[hour] - p), HourCounts * p * (1 - p));
                for (var i = 0; i < size; i++)
                {
                    gradient[i] += error * x[i];
                    for (var j = 0; j <= i; j++)
                    {
                        curvature[(i * size) + j] += variance * x[i] * x[j];
                    }
                }
            }

            Solve(curvature, gradient, size);
            for (var i = 0; i < size; i++)
            {
                Weights[i] += gradient[i];
            }
        }

        // What the last step was made with, is as good as what it led to.
        AddObserved(offset, features, shares);
    }

    private void AddObserved(double offset, ReadOnlySpan<double> features, ReadOnlySpan<double> shares)
    {
        for (var hour = 0; hour < shares.Length; hour++)
        {
            var x = features.Slice(hour * _size, _size);
            var p = Probability(offset, x);
            for (var i = 0; i < _size; i++)
            {
                for (var j = 0; j < _size; j++)
                {
                    _precision[(i * _size) + j] += HourCounts * p * (1 - p) * x[i] * x[j];
                }
            }
        }
    }

    /// <summary>Solves by Cholesky's decomposition, in place; of the matrix the lower half is used.</summary>
    private static void Solve(double[] matrix, double[] vector, int size)
    {
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[(i * size) + j];
                for (var k = 0; k < j; k++)
                {
                    sum -= matrix[(i * size) + k] * matrix[(j * size) + k];
                }

                matrix[(i * size) + j] = i == j ? Math.Sqrt(sum) : sum / matrix[(j * size) + j];
            }
        }

        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
            {
                vector[i] -= matrix[(i * size) + k] * vector[k];
            }

            vector[i] /= matrix[(i * size) + i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
            {
                vector[i] -= matrix[(k * size) + i] * vector[k];
            }

            vector[i] /= matrix[(i * size) + i];
        }
    }
}
