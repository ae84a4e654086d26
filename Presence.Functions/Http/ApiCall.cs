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

    /// <summary>The throttle token that the caller is to bring next time; null where there is none, or it is to bring the one it has.</summary>
    public string? Token { get; set; }

    /// <summary>Who calls.</summary>
    public PresenceKey Caller => Credentials.User;
}
