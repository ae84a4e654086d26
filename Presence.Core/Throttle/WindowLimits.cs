using System.Numerics;
using Presence.Core.Options;

namespace Presence.Core.Throttle;

/// <summary>What the settings say of windows, in milliseconds, worked out once.</summary>
/// <param name="Shards">Over how many shards the windows are spread.</param>
/// <param name="Most">How many of them a shard may have; as many again may stay for what they hold back.</param>
/// <param name="RecordWindow"><see cref="PresenceOptions.RecordWindow"/>.</param>
/// <param name="QuietAfter"><see cref="PresenceOptions.QuietAfter"/>.</param>
/// <param name="MostBehind"><see cref="PresenceOptions.MostBehind"/>.</param>
/// <param name="WrittenAfter"><see cref="PresenceOptions.WrittenAfter"/>.</param>
/// <param name="MostWaiting">
/// How much longer than its own window an instance waits at most for the one whose turn it is; nothing where windows may become narrower while one is
/// open, for then the end of a window says nothing of what it was opened for.
/// </param>
/// <param name="Longest">The window at its widest, at whatever step of economy.</param>
internal sealed record WindowLimits(
    int Shards, int Most, long RecordWindow, long QuietAfter, long MostBehind, long WrittenAfter, long MostWaiting, long Longest)
{
    /// <summary><see cref="MostBehind"/> in ticks.</summary>
    public long MostBehindTicks { get; private init; }

    // A window is told to 16 bits: to the millisecond as long as it is at most 65.5 s long.
    private int Shift { get; } = Math.Max(0, BitOperations.Log2((ulong)Math.Max(1, Longest)) - 15);

    /// <summary>
    /// Where windows may become wider, a user counts as quiet as early as at the widest: one whose window was opened then must not wait longer
    /// than was reckoned with.
    /// </summary>
    public static WindowLimits Of(PresenceOptions options, int shards)
    {
        var widest = options.Widest;
        return new(
            shards,
            ((options.MaxThrottleEntries - 1) / shards) + 1,
            Milliseconds(options.RecordWindow),
            Milliseconds(options.QuietAfter < widest.QuietAfter ? options.QuietAfter : widest.QuietAfter),
            Milliseconds(options.MostBehind),
            Milliseconds(options.WrittenAfter),
            options.MonthlyBudget > 0 ? 0 : Milliseconds(options.Precedence + options.PrecedenceSpread),
            Milliseconds(widest.RecordWindow))
        {
            MostBehindTicks = options.MostBehind.Ticks,
        };
    }

    /// <summary>How long before the end of a window something was, as windows keep it; no longer than a window.</summary>
    public ushort ToUnits(long before) => (ushort)(Math.Clamp(before, 0, Longest) >> Shift);

    /// <inheritdoc cref="ToUnits"/>
    public long FromUnits(ushort before) => (long)before << Shift;

    public static long Milliseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;
}
