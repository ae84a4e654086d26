using System.Security.Claims;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.SignalR;

namespace Presence.LocalHost.SignalR;

/// <summary>Who a connection belongs to, as upstream events tell it.</summary>
/// <param name="Hub">The normalized name of the hub.</param>
/// <param name="ConnectionId">The id of the connection.</param>
/// <param name="UserId">Null for a client that connected as nobody.</param>
/// <param name="Claims">The claims of the client's token as "name: value" pairs.</param>
/// <param name="Query">The query with which the client connected, without its token.</param>
internal sealed record ClientDetails(string Hub, string ConnectionId, string? UserId, IReadOnlyList<string> Claims, string Query)
{
    public static ClientDetails Of(HubConnectionContext connection)
    {
        var request = connection.GetHttpContext()!.Request;
        return new(
            HubName.Normalize(request.Query["hub"].ToString()),
            connection.ConnectionId,
            connection.UserIdentifier,
            [.. connection.User.Claims.Where(IsTheUsers).Select(claim => $"{NameOf(claim)}: {claim.Value}")],
            WithoutToken(request.Query));
    }

    private static bool IsTheUsers(Claim claim) => !claim.Type.StartsWith(SignalRClaims.SystemPrefix, StringComparison.Ordinal);

    private static string NameOf(Claim claim) =>
        claim.Type.StartsWith(SignalRClaims.UserPrefix, StringComparison.Ordinal)
            ? claim.Type[SignalRClaims.UserPrefix.Length..]
            : claim.Type;

    private static string WithoutToken(IQueryCollection query) =>
        new QueryBuilder(query.Where(pair => pair.Key != "access_token")).ToString();
}
