using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>A connection and when it was last known: opened or confirmed while open, closed once closed.</summary>
/// <param name="Id">Its id at the SignalR service.</param>
/// <param name="At">When.</param>
/// <param name="Device">Where its client runs, while it is open; null where it has not said.</param>
/// <param name="IsWatching">Whether, while it is open, it has a list of users whom it watches.</param>
public readonly record struct ConnectionMark(string Id, DateTimeOffset At, Device? Device = null, bool IsWatching = false);

/// <summary>
/// The connections of one user. Closed ones are remembered for a while, so that a connected event that arrives after its own
/// disconnected event opens nothing.
/// </summary>
public sealed record ConnectionSet(ImmutableArray<ConnectionMark> Open, ImmutableArray<ConnectionMark> Closed)
{
    /// <summary>The most open connections of a user; beyond it the oldest is closed. Bounds the row's size.</summary>
    public const int MaxOpen = 200;

    /// <summary>The most closed connections remembered per user; beyond it the oldest is forgotten.</summary>
    public const int MaxClosed = 16;

    /// <summary>No connection.</summary>
    public static ConnectionSet Empty { get; } = new([], []);

    /// <summary>Whether the connection is known to be open.</summary>
    public bool IsOpen(string id) => Contains(Open, id);

    internal bool IsClosed(string id) => Contains(Closed, id);

    /// <summary>The connections that give way when one more opens.</summary>
    internal ImmutableArray<string> GivingWay => Open.Length < MaxOpen ? [] : [.. Open[..^(MaxOpen - 1)].Select(c => c.Id)];

    internal ConnectionSet Opened(string id, DateTimeOffset now, Device? device = null, bool isWatching = false) =>
        this with { Open = Newest(Open.Add(new(id, now, device, isWatching)), MaxOpen) };

    /// <summary>The open connections that have a list of users whom they watch.</summary>
    internal IEnumerable<string> Watching => Open.Where(c => c.IsWatching).Select(c => c.Id);

    /// <summary>The same, with such a list for an open connection.</summary>
    internal ConnectionSet WithWatching(string id) => this with { Open = [.. Open.Select(c => c.Id == id ? c with { IsWatching = true } : c)] };

    /// <summary>The same, with what the client of an open connection says now of where it runs.</summary>
    internal ConnectionSet WithDevice(string id, Device? device) => this with { Open = [.. Open.Select(c => c.Id == id ? c with { Device = device } : c)] };

    /// <summary>The open connection of this id; null where there is none.</summary>
    public ConnectionMark? Find(string id) => Open.Any(c => c.Id == id) ? Open.First(c => c.Id == id) : null;

    /// <summary>Whether all that are open are of mobile devices, or the one that closed last is, where none is open.</summary>
    internal bool AreMobile => (Open.IsEmpty ? Closed.TakeLast(1) : Open).All(c => c.Device?.Kind == Device.Mobile);

    internal ConnectionSet ClosedAt(string id, DateTimeOffset now) =>
        new(Open.RemoveAll(c => c.Id == id), Newest(Closed.Add(new(id, now, Find(id)?.Device)), MaxClosed));

    internal ConnectionSet AllClosedAt(DateTimeOffset now) =>
        Open.IsEmpty ? this : new([], Newest(Closed.AddRange(Open.Select(c => new ConnectionMark(c.Id, now))), MaxClosed));

    internal ConnectionSet Confirmed(IReadOnlySet<string> ids, DateTimeOffset now) =>
        this with { Open = [.. Open.Select(c => ids.Contains(c.Id) ? c with { At = now } : c)] };

    internal ConnectionSet ForgetClosedBefore(DateTimeOffset time) =>
        Closed.Any(c => c.At < time) ? this with { Closed = Closed.RemoveAll(c => c.At < time) } : this;

    private static bool Contains(ImmutableArray<ConnectionMark> marks, string id) => marks.Any(c => c.Id == id);

    private static ImmutableArray<ConnectionMark> Newest(ImmutableArray<ConnectionMark> marks, int most) =>
        marks.Length <= most ? marks : marks.RemoveRange(0, marks.Length - most);
}
