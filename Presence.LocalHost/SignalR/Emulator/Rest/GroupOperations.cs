using System.Globalization;

namespace Presence.LocalHost.SignalR;

/// <summary>Puts connections and users into groups and takes them out.</summary>
internal static class GroupOperations
{
    private static readonly RestAnswer ConnectionNotExisted =
        RestAnswer.NotFound("Error.Connection.NotExisted", "The connection does not exist.");

    private static readonly RestAnswer ConnectionNotInGroup =
        RestAnswer.NotFound("Warning.Connection.NotInGroup", "The connection is not in the group.");

    public static ValueTask<RestAnswer> AddConnection(RestCall call) =>
        ValueTask.FromResult(call.Hub.AddConnectionToGroup(call.ConnectionId, call.Group) ? RestAnswer.Ok : ConnectionNotExisted);

    public static ValueTask<RestAnswer> RemoveConnection(RestCall call)
    {
        var absent = call.Hub.Find(call.ConnectionId) is null ? ConnectionNotExisted : ConnectionNotInGroup;
        return ValueTask.FromResult(call.Hub.RemoveConnectionFromGroup(call.ConnectionId, call.Group) ? RestAnswer.Ok : absent);
    }

    public static ValueTask<RestAnswer> RemoveConnectionFromAll(RestCall call)
    {
        call.Hub.RemoveConnectionFromAllGroups(call.ConnectionId);
        return ValueTask.FromResult(RestAnswer.Ok);
    }

    public static ValueTask<RestAnswer> AddUser(RestCall call)
    {
        TimeSpan? timeToLive = null;
        if (call.Context.Request.Query.TryGetValue("ttl", out var given))
        {
            if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return ValueTask.FromResult(RestAnswer.BadRequest("The query parameter ttl must be a whole number of seconds, 0 or more."));
            }

            timeToLive = TimeSpan.FromSeconds(seconds);
        }

        call.Hub.AddUserToGroup(call.User, call.Group, timeToLive);
        return ValueTask.FromResult(RestAnswer.Ok);
    }

    public static ValueTask<RestAnswer> RemoveUser(RestCall call)
    {
        call.Hub.RemoveUserFromGroup(call.User, call.Group);
        return ValueTask.FromResult(RestAnswer.NoContent);
    }

    public static ValueTask<RestAnswer> RemoveUserFromAll(RestCall call)
    {
        call.Hub.RemoveUserFromAllGroups(call.User);
        return ValueTask.FromResult(RestAnswer.NoContent);
    }
}
