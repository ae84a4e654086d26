namespace Presence.LocalHost.Invocation.Timers;

/// <summary>Whoever holds the lease of a timer function runs it; nobody else does meanwhile.</summary>
internal interface ITimerLease
{
    /// <returns>The lease, given back by disposing it; null when somebody else holds it.</returns>
    ValueTask<IAsyncDisposable?> TryAcquireAsync(string functionName, CancellationToken cancellationToken);
}
