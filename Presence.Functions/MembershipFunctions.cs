using Microsoft.Azure.Functions.Worker;
using Presence.Core.Broadcast;
using Presence.Core.Conversations;
using Presence.Core.Domain;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend say who is in which conversation.</summary>
public sealed class MembershipFunctions(ApiPipeline pipeline, ConversationDirectory conversations, Snapshots snapshots)
{
    private const string Route = "api/conversations/{conversationId}/members/{userId}";

    [Function(nameof(AddMember))]
    public Task<ApiOutput> AddMember(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = Route)] HttpRequest request,
        string conversationId,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(call, conversationId, userId, isMember: true, conversations.JoinAsync, cancellationToken));

    [Function(nameof(RemoveMember))]
    public Task<ApiOutput> RemoveMember(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = Route)] HttpRequest request,
        string conversationId,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(call, conversationId, userId, isMember: false, conversations.LeaveAsync, cancellationToken));

    private async Task<object?> ChangeAsync(
        ApiCall call,
        string conversationId,
        string userId,
        bool isMember,
        Func<PresenceKey, string, CancellationToken, Task<MembershipChange>> change,
        CancellationToken cancellationToken)
    {
        var conversation = ConversationId.Parse(conversationId);
        var user = PresenceKey.Parse(RequestValues.FromPath(userId));
        await RequestBody.ReadAsync(call.Request, ApiJson.Default.NoFields, cancellationToken);
        var membership = await change(user, conversation, cancellationToken);
        await TellAsync(call, user, membership, cancellationToken);
        var wasMember = membership.Change.Before.Conversations.Contains(conversation);
        return new MembershipAnswer(conversation, user.ToString(), isMember, Changed: wasMember != isMember);
    }

    /// <summary>The conversations entered are told of the user, if it is here; and its connections of who is there, and from now on of changes.</summary>
    private async Task TellAsync(ApiCall call, PresenceKey user, MembershipChange membership, CancellationToken cancellationToken)
    {
        var (change, entered, exited) = membership;
        call.Announce(change.Transitions);
        if (change.After.Online is not null && !entered.IsEmpty)
        {
            call.Announce([new Transition(user, change.After.ViewOf(user), entered, IsWatched: false)]);
        }

        if (change.After.Connections.Open.IsEmpty)
        {
            return;
        }

        foreach (var id in entered)
        {
            call.Apply(SignalRActions.OfUser(SignalRGroupActionType.Add, user, id));
        }

        foreach (var id in exited)
        {
            call.Apply(SignalRActions.OfUser(SignalRGroupActionType.Remove, user, id));
        }

        if (!entered.IsEmpty)
        {
            var snapshot = await snapshots.TakeAsync(entered, [], cancellationToken);
            call.Send(SignalRActions.ToAction(new(ClientMethod.Snapshot, snapshot, UserId: SignalRUserId.Of(user))));
        }
    }
}
