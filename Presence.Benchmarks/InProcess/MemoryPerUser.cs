using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Report;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Throttle;

namespace Presence.Benchmarks.InProcess;

/// <summary>What an instance keeps of each user whose window is open.</summary>
internal sealed class MemoryPerUser : IMeasurement
{
    private const int Users = 1_000_000;

    public string Name => "inprocess";

    public async Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        surroundings.Say("memory of each user");
        PresenceKey[] users = [.. Enumerable.Range(0, Users).Select(i => PresenceKey.Registered($"user-{i:D12}"))];
        var now = TimeProvider.System.GetUtcNow();
        var end = now + TimeSpan.FromHours(1);
        await using var instance = FunctionInstance.Create("UseDevelopmentStorage=true", "unused", TimeProvider.System, WithLongWindows);
        var window = instance.Get<ActivityWindow>();
        using var cache = new MemoryCache(new MemoryCacheOptions());
        var dictionary = new ConcurrentDictionary<PresenceKey, DateTimeOffset>();
        Section section = new(
            "Memory for each tracked user",
            "What the heap has grown by, after a full collection, with 1,000,000 users whose ids were there before.",
            [
                Line.Of("Presence", Growth(users, user => window.Remember(user, end, now, held: null)), "B", Goal.AtMost(64)),
                Line.Of("ConcurrentDictionary", Growth(users, user => dictionary[user] = end), "B"),
                Line.Of("MemoryCache", Growth(users, user => cache.Set(user, end, end)), "B"),
            ]);
        GC.KeepAlive(dictionary);
        return [section];
    }

    private static double Growth(PresenceKey[] users, Action<PresenceKey> keep)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var user in users)
        {
            keep(user);
        }

        return (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)users.Length;
    }

    private static void WithLongWindows(PresenceOptions options)
    {
        options.ThrottleWindow = TimeSpan.FromHours(1);
        options.OfflineAfter = options.AwayAfter = TimeSpan.FromHours(4);
        options.MaxThrottleEntries = 10_000_000;
    }
}
