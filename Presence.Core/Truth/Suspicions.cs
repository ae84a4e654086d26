using Presence.Core.Domain;
using Presence.Core.Rules;

namespace Presence.Core.Truth;

/// <summary>Users of whom something else is shown than the service says, since when, and why it is shown: each until it is looked at again.</summary>
internal sealed class Suspicions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, (Claim Claim, DateTimeOffset Since)> _all = [];

    /// <summary>Adds one, unless there is an earlier one of the user.</summary>
    public void Add(PresenceKey user, Claim claim, DateTimeOffset since)
    {
        lock (_lock)
        {
            _all.TryAdd(user, (claim, since));
        }
    }

    /// <summary>Takes out those that have lasted since the moment given.</summary>
    public IReadOnlyCollection<(PresenceKey User, Claim Claim)> Take(DateTimeOffset until)
    {
        lock (_lock)
        {
            List<(PresenceKey User, Claim Claim)> taken = [.. _all.Where(s => s.Value.Since <= until).Select(s => (s.Key, s.Value.Claim))];
            taken.ForEach(s => _all.Remove(s.User));
            return taken;
        }
    }
}
