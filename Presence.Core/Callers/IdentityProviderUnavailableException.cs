namespace Presence.Core.Callers;

/// <summary>The authority's keys cannot be fetched, so that no token can be checked. Trying again later is safe.</summary>
public sealed class IdentityProviderUnavailableException(Exception inner)
    : Exception("The identity provider is out of reach.", inner);
