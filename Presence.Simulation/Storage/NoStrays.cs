using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Simulation.Storage;

/// <summary>Nobody makes rows by hand here, so that erasing finds none that belong to nothing.</summary>
internal sealed class NoStrays : IErasureStore
{
    public Task<int> RemoveStraysAsync(PresenceKey user, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<int> RemoveTombstonesAsync(DateTimeOffset erasedUntil, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No clean-up takes place here.");
}
