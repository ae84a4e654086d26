using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core.Domain;
using Presence.Core.Throttle;

namespace Presence.Benchmarks.InProcess;

/// <summary>
/// A call of a user whose window is open, beside the least that any throttle in memory does: find a user's entry. Users call in random
/// order, each with a key of its own in memory, as it comes out of a token.
/// </summary>
[Config(typeof(SideBySide))]
public class ThrottledCall
{
    private const int Calls = 200_000;

    private ConcurrentDictionary<PresenceKey, DateTimeOffset> _dictionary = null!;
    private MemoryCache _cache = null!;
    private ServiceProvider _services = null!;
    private ActivityRecorder _recorder = null!;
    private PresenceEvent.Activity _activity = null!;
    private PresenceKey[] _callers = null!;

    private interface ICall
    {
        /// <returns>Whether the user has a window.</returns>
        bool IsThrottled(PresenceKey user);
    }

    /// <summary>How many users have a window.</summary>
    [Params(1_000, 100_000, 1_000_000)]
    public int Users { get; set; }

    /// <summary>How many threads call at once.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Opens a window for each user.</summary>
    [GlobalSetup]
    public void Open()
    {
        (_dictionary, _cache, _services) = (new(), new(new MemoryCacheOptions()), Hosts.Create());
        _recorder = _services.GetRequiredService<ActivityRecorder>();
        var window = _services.GetRequiredService<ActivityWindow>();
        var now = TimeProvider.System.GetUtcNow();
        var end = now + TimeSpan.FromHours(1);
        foreach (var user in Hosts.Keys(Users))
        {
            window.Remember(user, end, now, held: null);
            _dictionary[user] = end;
            _cache.Set(user, end, end);
        }

        _callers = Hosts.Keys(Users);
        _activity = new(now + TimeSpan.FromSeconds(1));
    }

    /// <summary>Ends it all.</summary>
    [GlobalCleanup]
    public void Close()
    {
        _cache.Dispose();
        _services.Dispose();
    }

    /// <summary>A look-up and nothing else.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public void ConcurrentDictionary() => OnThreads(new LookUp(_dictionary));

    /// <summary>A look-up, and whether the entry is over: the least that a throttle does.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public void ConcurrentDictionaryAndClock() => OnThreads(new LookUpAndClock(_dictionary));

    /// <summary>A look-up in the cache that comes with .NET, which looks at the clock as well.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public void MemoryCache() => OnThreads(new CacheLookUp(_cache));

    /// <summary>The whole call as a host makes it: the window, what it holds back, metrics, and the result.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public void RecordAsync() => OnThreads(new Recording(_recorder, _activity));

    private void OnThreads<TCall>(TCall call)
        where TCall : struct, ICall
    {
        if (Threads == 1)
        {
            Run(call, seed: 1);
            return;
        }

        var other = new Thread(() => Run(call, seed: 2));
        other.Start();
        Run(call, seed: 1);
        other.Join();
    }

    private void Run<TCall>(TCall call, ulong seed)
        where TCall : struct, ICall
    {
        var callers = _callers;
        for (var i = 0; i < Calls; i++)
        {
            seed = (seed * 6364136223846793005) + 1442695040888963407;
            if (!call.IsThrottled(callers[(int)((seed >> 32) * (ulong)callers.Length >> 32)]))
            {
                throw new InvalidOperationException("Every user has a window.");
            }
        }
    }

    private readonly struct LookUp(ConcurrentDictionary<PresenceKey, DateTimeOffset> dictionary) : ICall
    {
        public bool IsThrottled(PresenceKey user) => dictionary.TryGetValue(user, out _);
    }

    private readonly struct LookUpAndClock(ConcurrentDictionary<PresenceKey, DateTimeOffset> dictionary) : ICall
    {
        public bool IsThrottled(PresenceKey user) => dictionary.TryGetValue(user, out var end) && TimeProvider.System.GetUtcNow() < end;
    }

    private readonly struct CacheLookUp(MemoryCache cache) : ICall
    {
        public bool IsThrottled(PresenceKey user) => cache.TryGetValue(user, out _);
    }

    private readonly struct Recording(ActivityRecorder recorder, PresenceEvent.Activity activity) : ICall
    {
        public bool IsThrottled(PresenceKey user)
        {
            var call = recorder.RecordAsync(user, activity, token: null, CancellationToken.None);
            return call.IsCompletedSuccessfully && call.Result.Throttled;
        }
    }
}
