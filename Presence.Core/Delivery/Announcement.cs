using Presence.Core.Domain;

namespace Presence.Core.Delivery;

/// <summary>One message to one receiver: exactly one of group, connection and user is set.</summary>
/// <param name="Target">The client method, one of <see cref="ClientMethod"/>.</param>
/// <param name="Argument">Its one argument.</param>
/// <param name="Group">The group that receives it.</param>
/// <param name="ConnectionId">The connection that receives it.</param>
/// <param name="User">The user all of whose connections receive it.</param>
public sealed record Announcement(string Target, object Argument, string? Group = null, string? ConnectionId = null, PresenceKey? User = null);
