namespace Presence.Core.Health;

/// <summary>
/// Whether what calls need is within reach. Anybody may ask, as often as they like: the answer is good for a moment, and however many ask, each
/// dependency is asked once in it.
/// </summary>
public sealed class Readiness(IEnumerable<IDependency> dependencies, TimeProvider time)
{
    /// <summary>How long an answer is good for.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    /// <summary>What has not answered by then is away.</summary>
    public static readonly TimeSpan MostWait = TimeSpan.FromSeconds(3);

    private readonly IDependency[] _dependencies = [.. dependencies];
    private readonly Lock _lock = new();
    private Task<IReadOnlyDictionary<string, bool>>? _answer;
    private long _answeredAt;

    /// <summary>Each dependency, and whether it is within reach.</summary>
    public Task<IReadOnlyDictionary<string, bool>> AskAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_answer is null || (_answer.IsCompleted && time.GetElapsedTime(_answeredAt) >= GoodFor))
            {
                _answer = AskAllAsync();
            }

            return _answer.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Never fails.</summary>
    private async Task<IReadOnlyDictionary<string, bool>> AskAllAsync()
    {
        await Task.Yield();
        using var limit = new CancellationTokenSource(MostWait, time);
        var within = await Task.WhenAll(_dependencies.Select(dependency => IsWithinReachAsync(dependency, limit.Token)));
        Volatile.Write(ref _answeredAt, time.GetTimestamp());
        return _dependencies.Zip(within).ToDictionary(one => one.First.Name, one => one.Second);
    }

    private static async Task<bool> IsWithinReachAsync(IDependency dependency, CancellationToken limit)
    {
        try
        {
            // One that does not mind the limit is not waited for.
            await dependency.AskAsync(limit).WaitAsync(limit);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
