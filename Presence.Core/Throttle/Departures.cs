using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Throttle;

/// <summary>
/// Who has left, or begun to, by this instance's knowledge: a token of before says that its user is here, and must not be believed. Remembered
/// as long as such a token could say that a window is open. At most <see cref="MostRemembered"/>; beyond that the oldest is forgotten.
/// </summary>
internal sealed class Departures(TimeSpan rememberFor, TimeProvider time)
{
    private const int MostRemembered = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, DateTimeOffset> _left = [];
    private readonly Queue<(PresenceKey User, DateTimeOffset At, long Until)> _order = new();

    public void Add(PresenceKey user)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            _left[user] = now;
            _order.Enqueue((user, now, time.GetTimestamp() + (long)(rememberFor.TotalSeconds * time.TimestampFrequency)));
            while (_order.Count > MostRemembered || (_order.TryPeek(out var oldest) && oldest.Until <= time.GetTimestamp()))
            {
                var (gone, at, _) = _order.Dequeue();
                if (_left.TryGetValue(gone, out var last) && last == at)
                {
                    _left.Remove(gone);
                }
            }
        }
    }

    /// <summary>Whether the user may have left since a moment by the clock of some instance.</summary>
    public bool IsSince(PresenceKey user, DateTimeOffset moment)
    {
        lock (_lock)
        {
            return _left.TryGetValue(user, out var at) && at + PresenceOptions.ClockTolerance >= moment;
        }
    }
}
