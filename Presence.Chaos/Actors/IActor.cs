namespace Presence.Chaos.Actors;

/// <summary>Somebody who does something again and again, until the end.</summary>
internal interface IActor : IAsyncDisposable
{
    /// <summary>Returns when told to stop, between two of the things it does.</summary>
    Task RunAsync(CancellationToken stop);
}
