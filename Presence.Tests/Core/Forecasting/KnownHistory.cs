using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core.Forecasting;

/// <summary>A history that is the same of everybody but of nobody known, and what was asked of it.</summary>
internal sealed class KnownHistory(IReadOnlyList<Session> sessions, params PresenceKey[] of) : IHistoryStore
{
    public List<(PresenceKey User, DateOnly From, DateOnly To)> Asked { get; } = [];

    public Task<IReadOnlyList<Session>> ReadAsync(PresenceKey user, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken)
    {
        Asked.Add((user, fromDay, toDay));
        return Task.FromResult(of.Contains(user) ? sessions : []);
    }

    public IAsyncEnumerable<(PresenceKey User, Session Session)> SessionsAsync(DateOnly fromDay, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveAsync(PresenceKey user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveOldAsync(DateOnly firstKept, CancellationToken cancellationToken) => throw new NotSupportedException();
}
