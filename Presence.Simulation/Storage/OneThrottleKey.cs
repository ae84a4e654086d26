using Presence.Core.Ports;
using Presence.Simulation.Time;

namespace Presence.Simulation.Storage;

/// <summary>The one key that throttle tokens are signed with here. It is read without trouble: what instances do without it, they do for calls without tokens.</summary>
internal sealed class OneThrottleKey : IThrottleKeyStore
{
    public Task<IReadOnlyList<ThrottleKey>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ThrottleKey>>([new(1, new byte[32], VirtualTime.Start)]);

    public Task AddAsync(ThrottleKey key, CancellationToken cancellationToken) => throw new NotSupportedException("There is a key.");

    public Task RemoveAsync(int number, CancellationToken cancellationToken) => throw new NotSupportedException("No clean-up takes place here.");
}
