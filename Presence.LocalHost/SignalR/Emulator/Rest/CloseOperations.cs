namespace Presence.LocalHost.SignalR;

/// <summary>Closes connections; one that is gone already is no error.</summary>
internal static class CloseOperations
{
    public static ValueTask<RestAnswer> One(RestCall call)
    {
        call.Hub.Find(call.ConnectionId)?.Close(call.Reason);
        return ValueTask.FromResult(RestAnswer.Ok);
    }

    public static ValueTask<RestAnswer> All(RestCall call) => Close(call, call.Hub.All());

    public static ValueTask<RestAnswer> OfUser(RestCall call) => Close(call, call.Hub.OfUser(call.User));

    public static ValueTask<RestAnswer> OfGroup(RestCall call) => Close(call, call.Hub.InGroup(call.Group));

    private static ValueTask<RestAnswer> Close(RestCall call, IReadOnlyCollection<EmulatedConnection> connections)
    {
        foreach (var connection in call.Remaining(connections))
        {
            connection.Close(call.Reason);
        }

        return ValueTask.FromResult(RestAnswer.NoContent);
    }
}
