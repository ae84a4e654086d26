namespace Presence.Tests.LocalHost.Invocation;

/// <summary>Something that a function is given anew for each invocation.</summary>
public sealed class ScopedService : IDisposable
{
    public bool IsDisposed { get; private set; }

    public void Dispose() => IsDisposed = true;
}
