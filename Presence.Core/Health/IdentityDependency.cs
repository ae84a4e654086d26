using Presence.Core.Callers;

namespace Presence.Core.Health;

/// <summary>The identity provider: within reach as long as there are keys of it to check tokens by, newly fetched or known.</summary>
internal sealed class IdentityDependency(BearerTokenValidator validator) : IDependency
{
    public string Name => "identity";

    public Task AskAsync(CancellationToken cancellationToken) => validator.HaveKeysAsync(cancellationToken);
}
