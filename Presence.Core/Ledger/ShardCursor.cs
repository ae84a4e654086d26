using Presence.Core.Ports;

namespace Presence.Core.Ledger;

/// <summary>
/// How far somebody has read in a shard. What arrives late, behind the position, shows by the events of the window that lay before it: see
/// <see cref="EventFeed"/>.
/// </summary>
/// <param name="Position">All up to here, that one included, is read.</param>
/// <param name="Seen">How many of them lie in the window.</param>
/// <param name="Digest">Which: a sum over their positions.</param>
internal readonly record struct ShardCursor(EventPosition Position, int Seen = 0, uint Digest = 0)
{
    /// <summary>The same with one event more in the window.</summary>
    public ShardCursor With(EventPosition seen) => this with { Seen = Seen + 1, Digest = unchecked(Digest + DigestOf(seen)) };

    /// <summary>Sums of it hardly meet by chance.</summary>
    private static uint DigestOf(EventPosition position) => (uint)(Mix(unchecked(Mix((ulong)position.Ticks) + position.Tie)) >> 32);

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
