using Microsoft.Azure.Functions.Worker;
using Presence.LocalHost.Invocation;
using Presence.LocalHost.SignalR;

namespace Presence.LocalHost.Realtime;

/// <summary>Sends the SignalR outputs of functions over the REST API of the SignalR service, as the Functions host does.</summary>
internal sealed class RestSignalROutput(SignalRServiceClient service) : ISignalROutput
{
    public ValueTask SendAsync(string hub, SignalRMessageAction message, CancellationToken cancellationToken)
    {
        object?[] arguments = message.Arguments ?? [];
        return new(message switch
        {
            { ConnectionId: { Length: > 0 } id } => service.SendToConnectionAsync(hub, id, message.Target, arguments, cancellationToken),
            { UserId: { Length: > 0 } id } => service.SendToUserAsync(hub, id, message.Target, arguments, cancellationToken),
            { GroupName: { Length: > 0 } group } =>
                service.SendToGroupAsync(hub, group, message.Target, arguments, cancellationToken: cancellationToken),
            _ => service.SendToAllAsync(hub, message.Target, arguments, cancellationToken: cancellationToken),
        });
    }

    public ValueTask ApplyAsync(string hub, SignalRGroupAction action, CancellationToken cancellationToken) => new((action.Action, action) switch
    {
        (SignalRGroupActionType.Add, { ConnectionId: { Length: > 0 } id, GroupName: { } group }) =>
            service.AddConnectionToGroupAsync(hub, id, group, cancellationToken),
        (SignalRGroupActionType.Remove, { ConnectionId: { Length: > 0 } id, GroupName: { } group }) =>
            service.RemoveConnectionFromGroupAsync(hub, id, group, cancellationToken),
        (SignalRGroupActionType.RemoveAll, { ConnectionId: { Length: > 0 } id }) =>
            service.RemoveConnectionFromAllGroupsAsync(hub, id, cancellationToken),
        (SignalRGroupActionType.Add, { UserId: { Length: > 0 } id, GroupName: { } group }) =>
            service.AddUserToGroupAsync(hub, id, group, cancellationToken: cancellationToken),
        (SignalRGroupActionType.Remove, { UserId: { Length: > 0 } id, GroupName: { } group }) =>
            service.RemoveUserFromGroupAsync(hub, id, group, cancellationToken),
        (SignalRGroupActionType.RemoveAll, { UserId: { Length: > 0 } id }) => service.RemoveUserFromAllGroupsAsync(hub, id, cancellationToken),
        _ => throw new InvalidOperationException("A group action names a connection or a user, and a group unless it removes from all."),
    });
}
