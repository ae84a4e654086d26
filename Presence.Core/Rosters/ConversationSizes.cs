using Presence.Core.Domain;

namespace Presence.Core.Rosters;

/// <summary>
/// What this instance knows of how large conversations are: from whatever rosters it reads, and writes. Where it does not know, a conversation
/// counts as small, until so much of it is to be told that one more read is cheap. Nobody else knows of it: near the line two instances may
/// hold different things of a conversation.
/// </summary>
/// <param name="line">Conversations of more members are large.</param>
/// <param name="time">The clock.</param>
public sealed class ConversationSizes(int line, TimeProvider time)
{
    /// <summary>How long it is believed that a conversation is far from the line: of no more than half as many members.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(5);

    /// <summary>And that one which is nearer has not crossed it.</summary>
    public static readonly TimeSpan KnownNearlyFor = TimeSpan.FromSeconds(30);

    /// <summary>So many changes of members written since the last read make it worth a request to know the size: one in ten at most, however slowly they come.</summary>
    public const int Enough = 10;

    /// <summary>The most conversations remembered. Then the small ones are forgotten.</summary>
    internal const int Most = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Size> _sizes = new(StringComparer.Ordinal);

    /// <summary>A roster has been written here; of which conversation.</summary>
    internal event Action<string>? Written;

    /// <summary>A conversation is known here to have become large, or not to be any more; which.</summary>
    internal event Action<string>? Crossed;

    /// <summary>Whether a conversation is large, as far as is known.</summary>
    internal bool IsLarge(string conversationId)
    {
        lock (_lock)
        {
            return _sizes.TryGetValue(conversationId, out var size) && size.IsLarge;
        }
    }

    /// <summary>Whether to read the roster of a conversation that counts as small: it has grown, or nobody knows and much is written.</summary>
    internal bool IsWorthReading(string conversationId)
    {
        lock (_lock)
        {
            return _sizes.TryGetValue(conversationId, out var size) && !size.IsLarge
                && (IsKnown(size) ? size.Members > line : size.Writes >= Enough);
        }
    }

    /// <summary>Takes over what was read.</summary>
    /// <param name="roster">The roster.</param>
    /// <param name="began">When reading it began; what began before the last is older than what is known.</param>
    /// <returns>The roster, and whether its conversation is large.</returns>
    internal Roster Learn(Roster roster, long began)
    {
        bool isLarge, isNew;
        lock (_lock)
        {
            var size = Of(roster.ConversationId);
            isNew = false;
            if (size.LearntAt is not { } last || began >= last)
            {
                var members = roster.Named.Length;
                isLarge = size.IsLarge ? members >= 0.9 * line : members > line;
                isNew = isLarge != size.IsLarge;
                (size.LearntAt, size.Members, size.IsLarge, size.Writes) = (began, members, isLarge, 0);
            }

            isLarge = size.IsLarge;
        }

        if (isNew)
        {
            Crossed?.Invoke(roster.ConversationId);
        }

        return roster with { IsLarge = isLarge };
    }

    /// <summary>Takes over what was written: of so many members, and so many more are named now, as far as the writer knows.</summary>
    internal void Wrote(string conversationId, int changes, int more)
    {
        lock (_lock)
        {
            var size = Of(conversationId);
            size.Members += more;
            size.Writes += changes;
        }

        Written?.Invoke(conversationId);
    }

    private bool IsKnown(Size size) => size.LearntAt is { } learnt
        && time.GetElapsedTime(learnt) < (size.Members > line / 2 ? KnownNearlyFor : KnownFor);

    private Size Of(string conversationId)
    {
        if (_sizes.TryGetValue(conversationId, out var known))
        {
            return known;
        }

        if (_sizes.Count >= Most)
        {
            foreach (var (small, _) in _sizes.Where(one => !one.Value.IsLarge))
            {
                _sizes.Remove(small);
            }
        }

        return _sizes[conversationId] = new();
    }

    private sealed class Size
    {
        /// <summary>Null where it was never read.</summary>
        public long? LearntAt { get; set; }

        public int Members { get; set; }

        public bool IsLarge { get; set; }

        /// <summary>The changes since it was read.</summary>
        public int Writes { get; set; }
    }
}
