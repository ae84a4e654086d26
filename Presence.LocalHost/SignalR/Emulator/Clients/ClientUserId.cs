using Microsoft.AspNetCore.SignalR;

namespace Presence.LocalHost.SignalR;

/// <summary>Reads the user id from the claims of the client's token.</summary>
internal sealed class ClientUserId : IUserIdProvider
{
    public string? GetUserId(HubConnectionContext connection) =>
        SignalRClaims.UserIdNames.Select(name => connection.User.FindFirst(name)?.Value).FirstOrDefault(value => value is not null);
}
