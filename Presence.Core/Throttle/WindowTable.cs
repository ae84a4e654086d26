using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>
/// Windows by user: a hash table that grows by a sixteenth at a time, so that little of it is ever empty. A window stays in its slot until it
/// is removed. Not safe for several threads.
/// </summary>
internal sealed class WindowTable
{
    private const int Least = 4;
    private const uint Significant = ~Window.Flags | Window.Anonymous;

    private Window[] _slots = [];
    private int[] _buckets = [];
    private int _free = -1;

    /// <summary>How many windows there are.</summary>
    public int Count { get; private set; }

    /// <summary>All windows are in slots below this.</summary>
    public int Used { get; private set; }

    public ref Window this[int slot] => ref _slots[slot];

    /// <summary>What to look for instead of a user.</summary>
    public static uint TagOf(PresenceKey user) => (IdHash.Of(user.Id) & ~Window.Flags) | (user.IsAnonymous ? Window.Anonymous : 0);

    /// <summary>Which of several tables a user belongs to: told by other bits than those that make out the bucket.</summary>
    /// <param name="tag">The user's.</param>
    /// <param name="tables">How many there are, a power of two.</param>
    public static int TableOf(uint tag, int tables) => (int)(tag >> 3) & (tables - 1);

    /// <summary>The slot of a user's window; -1 for none.</summary>
    public int Find(string id, uint tag)
    {
        if (_buckets.Length == 0)
        {
            return -1;
        }

        var slots = _slots;
        var slot = _buckets[BucketOf(tag)] - 1;
        while ((uint)slot < (uint)slots.Length)
        {
            ref var window = ref slots[slot];
            if (((window.Tag ^ tag) & Significant) == 0 && window.Id == id)
            {
                return slot;
            }

            slot = window.Next;
        }

        return -1;
    }

    /// <summary>An empty window for a user who has none.</summary>
    public int Add(string id, uint tag)
    {
        var slot = _free;
        if (slot >= 0)
        {
            _free = _slots[slot].Next;
        }
        else
        {
            if (Used == _slots.Length)
            {
                Resize(Used + RoomFor(Used));
            }

            slot = Used++;
        }

        Count++;
        _slots[slot] = new Window { Id = id, Tag = tag };
        Link(slot);
        return slot;
    }

    public void Remove(int slot)
    {
        ref var link = ref _buckets[BucketOf(_slots[slot].Tag)];
        if (link - 1 == slot)
        {
            link = _slots[slot].Next + 1;
        }
        else
        {
            var before = link - 1;
            while (_slots[before].Next != slot)
            {
                before = _slots[before].Next;
            }

            _slots[before].Next = _slots[slot].Next;
        }

        _slots[slot] = new Window { Next = _free };
        (_free, Count) = (slot, Count - 1);
    }

    /// <summary>Gives memory back after a crowd has gone. Windows move to other slots.</summary>
    public void Shrink()
    {
        if (_slots.Length <= 4 * Math.Max(Least, Count))
        {
            return;
        }

        var kept = 0;
        for (var slot = 0; slot < Used; slot++)
        {
            if (_slots[slot].Id is not null)
            {
                _slots[kept++] = _slots[slot];
            }
        }

        (Used, _free) = (kept, -1);
        Resize(kept + RoomFor(kept));
    }

    private static int RoomFor(int windows) => Math.Max(Least, windows / 16);

    private void Resize(int size)
    {
        Array.Resize(ref _slots, size);
        _buckets = new int[size];
        for (var slot = 0; slot < Used; slot++)
        {
            Link(slot);
        }
    }

    private void Link(int slot)
    {
        ref var first = ref _buckets[BucketOf(_slots[slot].Tag)];
        _slots[slot].Next = first - 1;
        first = slot + 1;
    }

    private int BucketOf(uint tag) => (int)(((ulong)(tag & ~Window.Flags) * (uint)_buckets.Length) >> 32);
}
