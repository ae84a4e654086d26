namespace Presence.LocalHost.Development;

/// <summary>A service that can be made to be gone for a while.</summary>
/// <param name="refuse">Makes it so, for how long; null where this host has not started the service.</param>
/// <param name="time">The clock.</param>
internal sealed class Outage(Func<TimeSpan, CancellationToken, Task>? refuse, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private DateTimeOffset _until;

    public OutageState State => new(refuse is not null, Math.Max(0, (_until - time.GetUtcNow()).TotalSeconds));

    /// <returns>Whether this host can do that.</returns>
    public async Task<bool> LastForAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (refuse is null)
        {
            return false;
        }

        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await refuse(duration, cancellationToken);
            _until = time.GetUtcNow() + duration;
            return true;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();
}

/// <summary>How it stands.</summary>
/// <param name="IsPossible">Whether this host has started the service.</param>
/// <param name="SecondsLeft">How long it is still gone; 0 is not.</param>
internal sealed record OutageState(bool IsPossible, double SecondsLeft);
