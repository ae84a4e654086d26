namespace Presence.Core.Concurrency;

/// <summary>Lets at most so many through within any stretch of time, and turns the others away at once. A clock that is set does not matter to it.</summary>
internal sealed class RateLimit(int most, TimeSpan within, TimeProvider time)
{
    private readonly Queue<long> _taken = new(most);

    /// <summary>Whether there is room for this one. Whoever is turned away does not count.</summary>
    public bool TryTake()
    {
        lock (_taken)
        {
            while (_taken.TryPeek(out var first) && time.GetElapsedTime(first) >= within)
            {
                _taken.Dequeue();
            }

            if (_taken.Count >= most)
            {
                return false;
            }

            _taken.Enqueue(time.GetTimestamp());
            return true;
        }
    }
}
