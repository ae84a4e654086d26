using Presence.Core.Options;

namespace Presence.Core.Throttle;

/// <summary>What the settings say of windows, worked out once.</summary>
/// <param name="Shards">Over how many shards the windows are spread.</param>
/// <param name="Most">How many of them a shard may have; as many again may stay for what they hold back.</param>
/// <param name="MostBehind">In ticks: <see cref="PresenceOptions.MostBehind"/>.</param>
/// <param name="RecordWindow">In milliseconds: <see cref="PresenceOptions.RecordWindow"/>.</param>
/// <param name="QuietAfter">In milliseconds: <see cref="PresenceOptions.QuietAfter"/>.</param>
internal sealed record WindowLimits(int Shards, int Most, long MostBehind, long RecordWindow, long QuietAfter)
{
    public static WindowLimits Of(PresenceOptions options, int shards) => new(
        shards,
        ((options.MaxThrottleEntries - 1) / shards) + 1,
        options.MostBehind.Ticks,
        options.RecordWindow.Ticks / TimeSpan.TicksPerMillisecond,
        options.QuietAfter.Ticks / TimeSpan.TicksPerMillisecond);
}
