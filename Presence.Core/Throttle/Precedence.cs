using Presence.Core.Options;

namespace Presence.Core.Throttle;

/// <summary>
/// Which instance records next. Where a user calls at many instances at once, and more often than it is told to, the one that made the last
/// record goes first; the others wait, each for a time of its own, so that they do not all write at once if that one is not called any more.
/// Nothing is lost meanwhile: what they see is held back as within the window.
/// </summary>
internal static class Precedence
{
    /// <summary>From when an instance records the next activity.</summary>
    /// <param name="known">The last record.</param>
    /// <param name="instance">The number of the instance.</param>
    /// <param name="options">The settings.</param>
    public static DateTimeOffset TurnOf(KnownRecord known, uint instance, PresenceOptions options)
    {
        var ends = known.Last.RecordedAt + options.RecordWindow;
        return !known.IsEager || (known.IsOwn && known.Instance == instance)
            ? ends
            : ends + options.Precedence + (options.PrecedenceSpread * Share(instance, known.Last.RecordedAt));
    }

    /// <summary>
    /// From 0 to 1, evenly spread over the instances and another one for each record: SplitMix64 (Steele, Lea, Flood, "Fast splittable
    /// pseudorandom number generators", 2014).
    /// </summary>
    private static double Share(uint instance, DateTimeOffset recordedAt)
    {
        var mixed = unchecked((ulong)recordedAt.Ticks + (instance * 0x9E3779B97F4A7C15));
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return (mixed ^ (mixed >> 31)) / (double)ulong.MaxValue;
    }
}
