using System.Collections.Concurrent;

namespace Presence.Benchmarks.Load;

/// <summary>What became of the calls. Safe to use by many at once.</summary>
internal sealed class Tally
{
    /// <summary>An instance tells its counts once a second: so much of them may be lost with it, with time for the telling.</summary>
    private static readonly TimeSpan Untold = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, int> _errors = [];
    private readonly ConcurrentDictionary<int, ConcurrentQueue<DateTimeOffset>> _recent = [];
    private long _answered;
    private long _throttled;
    private long _uncertain;
    private long _injected;
    private long _mayBeLost;
    private long _messages;

    public Latencies Latencies { get; } = new();

    /// <summary>Calls that were answered well.</summary>
    public long Answered => _answered;

    /// <summary>Of these, those that were throttled.</summary>
    public long Throttled => _throttled;

    /// <summary>Calls that were not, of which nobody knows whether the host has counted them.</summary>
    public long Uncertain => _uncertain;

    /// <summary>Calls that were answered well, but whose count may have died with a host.</summary>
    public long MayBeLost => _mayBeLost;

    /// <summary>What went wrong because a host was killed.</summary>
    public long Injected => _injected;

    /// <summary>What went wrong otherwise, by kind.</summary>
    public IReadOnlyDictionary<string, int> Errors => _errors;

    /// <summary>What clients were told over their connections.</summary>
    public long Messages => _messages;

    public void Answer(int host, TimeSpan took, bool throttled, DateTimeOffset now)
    {
        Latencies.Add(took);
        Interlocked.Increment(ref _answered);
        if (throttled)
        {
            Interlocked.Increment(ref _throttled);
        }

        var recent = _recent.GetOrAdd(host, _ => new());
        recent.Enqueue(now);
        while (recent.TryPeek(out var first) && now - first > Untold && recent.TryDequeue(out _))
        {
        }
    }

    /// <param name="kind">What went wrong.</param>
    /// <param name="isInjected">Whether it was meant to.</param>
    /// <param name="isCall">Whether it was an activity call, which the host may have counted all the same.</param>
    public void Fail(string kind, bool isInjected, bool isCall)
    {
        if (isCall)
        {
            Interlocked.Increment(ref _uncertain);
        }

        if (isInjected)
        {
            Interlocked.Increment(ref _injected);
        }
        else
        {
            _errors.AddOrUpdate(kind, 1, (_, count) => count + 1);
        }
    }

    public void Kill(int host, DateTimeOffset now)
    {
        if (_recent.TryGetValue(host, out var recent))
        {
            Interlocked.Add(ref _mayBeLost, recent.Count(at => now - at <= Untold));
        }
    }

    public void Hear() => Interlocked.Increment(ref _messages);
}
