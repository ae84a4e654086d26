using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Engine;

/// <summary>Says why a user is as it is.</summary>
public sealed class PresenceExplainer(IPresenceStore store, IHeldActivity held, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The explanation. Reads the user, and changes nothing.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="isForItself">Whether the user itself asks: it must not learn whether somebody is kept from it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="UnreadableRowException">The user's row cannot be read.</exception>
    public async Task<Explanation> ExplainAsync(PresenceKey user, bool isForItself, CancellationToken cancellationToken)
    {
        var records = (await store.LoadAsync(user, cancellationToken)).Records;
        return ExplanationRules.Explain(user, records, held.LastHeld(user), time.GetUtcNow(), options.Value, isForItself);
    }
}
