namespace Presence.LocalHost.SignalR;

/// <summary>Tells whether somebody is there.</summary>
internal static class ExistenceOperations
{
    public static ValueTask<RestAnswer> OfConnection(RestCall call) =>
        Answer(call.Hub.Find(call.ConnectionId) is not null, "Warning.Connection.NotExisted", "The connection does not exist.");

    public static ValueTask<RestAnswer> OfUser(RestCall call) =>
        Answer(call.Hub.OfUser(call.User).Count > 0, "Warning.User.NotExisted", "The user has no connection.");

    public static ValueTask<RestAnswer> OfGroup(RestCall call) =>
        Answer(call.Hub.InGroup(call.Group).Count > 0, "Warning.Group.NotExisted", "The group has no connection.");

    public static ValueTask<RestAnswer> OfUserInGroup(RestCall call) =>
        Answer(call.Hub.IsUserInGroup(call.User, call.Group), "Info.User.NotInGroup", "The user is not in the group.");

    private static ValueTask<RestAnswer> Answer(bool exists, string code, string message) =>
        ValueTask.FromResult(exists ? RestAnswer.Ok : RestAnswer.NotFound(code, message));
}
