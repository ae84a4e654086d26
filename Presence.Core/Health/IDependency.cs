namespace Presence.Core.Health;

/// <summary>Something without which calls fail.</summary>
public interface IDependency
{
    /// <summary>What it is called where it is told: <c>storage</c>, <c>signalr</c>, <c>identity</c>.</summary>
    string Name { get; }

    /// <summary>Asks it for the least there is. Fails, however it likes, if it is away.</summary>
    Task AskAsync(CancellationToken cancellationToken);
}
