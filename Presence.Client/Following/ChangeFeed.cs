using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Presence.Client.Following;

/// <summary>Hands changes to one reader. A reader that is too slow is told how many it missed, and holds up nobody.</summary>
internal sealed class ChangeFeed(int most)
{
    private readonly Channel<PresenceChange> _changes =
        Channel.CreateBounded<PresenceChange>(new BoundedChannelOptions(most) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Lock _lock = new();
    private long _missed;

    public void Tell(PresenceChange change)
    {
        // What was missed is told before what comes after it. Under the lock, so that a reader who finds none missed finds the next change.
        lock (_lock)
        {
            if (_missed > 0 || !_changes.Writer.TryWrite(change))
            {
                _missed++;
            }
        }
    }

    public void End() => _changes.Writer.TryComplete();

    public async IAsyncEnumerable<PresenceChange> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _changes.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_changes.Reader.TryRead(out var change))
            {
                yield return change;
            }

            if (TakeMissed() is > 0 and var missed)
            {
                yield return new ChangesMissed(missed);
            }
        }
    }

    private long TakeMissed()
    {
        lock (_lock)
        {
            var missed = _missed;
            _missed = 0;
            return missed;
        }
    }
}
