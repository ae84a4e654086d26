using Presence.Core.Domain;

namespace Presence.Core.Delivery;

/// <summary>How messages leave.</summary>
internal interface IMessages
{
    /// <summary>Whether a duty that holds messages alone is to be kept until they have been accepted.</summary>
    bool AreAcknowledged { get; }

    /// <summary>Tells news to all groups concerned. Ends when the service has accepted it, where that can be known.</summary>
    Task TellAsync(Transition news);

    /// <summary>Tells one connection, or all connections of a user, what is for them alone.</summary>
    Task TellAsync(Announcement message, CancellationToken cancellationToken);
}
