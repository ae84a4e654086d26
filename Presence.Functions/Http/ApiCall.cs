using Presence.Core.Callers;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>One call under way.</summary>
/// <param name="Request">The request.</param>
/// <param name="BeganAt">When it began.</param>
public sealed record ApiCall(HttpRequest Request, DateTimeOffset BeganAt)
{
    private Caller? _credentials;

    /// <summary>Who calls, and with what; known only of calls that bring credentials.</summary>
    public Caller Credentials
    {
        get => _credentials ?? throw new InvalidOperationException("This call brings no credentials.");
        set => _credentials = value;
    }

    /// <summary>Who calls.</summary>
    public PresenceKey Caller => Credentials.User;
}
