namespace Presence.Core.Concurrency;

/// <summary>
/// A time limit that holds where the process has stood still as well: a timer tells late then, the clock does not. Whoever goes on after that
/// must not do what somebody else has taken over meanwhile.
/// </summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly TimeSpan _within;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    /// <summary>Begins.</summary>
    /// <param name="within">How long from now.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it sooner.</param>
    public TimeLimit(TimeSpan within, TimeProvider time, CancellationToken cancellationToken = default)
    {
        (_within, _time, _began) = (within, time, time.GetTimestamp());
        _timer = new CancellationTokenSource(within, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    /// <summary>Tells those who wait.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether it is over.</summary>
    public bool IsOver => Token.IsCancellationRequested || _time.GetElapsedTime(_began) >= _within;

    /// <summary>How much of it is left.</summary>
    public TimeSpan Left => IsOver ? TimeSpan.Zero : _within - _time.GetElapsedTime(_began);

    /// <summary>To be called before something is begun.</summary>
    /// <exception cref="OperationCanceledException">It is over.</exception>
    public void ThrowIfOver()
    {
        if (IsOver)
        {
            throw new OperationCanceledException("There is no time left.", Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
