using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Rosters;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend say who is in which conversation.</summary>
public sealed class MembershipFunctions(
    ApiPipeline pipeline, ConversationDirectory conversations, Snapshots snapshots, Announcer announcer, IOptions<PresenceOptions> options)
{
    private const string Route = "api/conversations/{conversationId}/members/{userId}";

    private const string RouteOfAnyId = "api/conversations/{conversationId}/members";

    [Function(nameof(AddMember))]
    public Task<ApiOutput> AddMember(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = Route)] HttpRequest request,
        string conversationId,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(
                call, conversationId, PathIds.FromPath(request, userId, nameof(userId)), isMember: true, conversations.JoinAsync, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(AddMemberOfAnyId))]
    public Task<ApiOutput> AddMemberOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = RouteOfAnyId)] HttpRequest request,
        string conversationId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(
                call, conversationId, PathIds.FromQuery(request, "userId"), isMember: true, conversations.JoinAsync, cancellationToken));

    [Function(nameof(RemoveMember))]
    public Task<ApiOutput> RemoveMember(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = Route)] HttpRequest request,
        string conversationId,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(
                call, conversationId, PathIds.FromPath(request, userId, nameof(userId)), isMember: false, conversations.LeaveAsync, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(RemoveMemberOfAnyId))]
    public Task<ApiOutput> RemoveMemberOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = RouteOfAnyId)] HttpRequest request,
        string conversationId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            call => ChangeAsync(
                call, conversationId, PathIds.FromQuery(request, "userId"), isMember: false, conversations.LeaveAsync, cancellationToken));

    private async Task<object?> ChangeAsync(
        ApiCall call,
        string conversationId,
        string userId,
        bool isMember,
        Func<PresenceKey, string, CancellationToken, Task<MembershipChange>> change,
        CancellationToken cancellationToken)
    {
        var conversation = PathIds.Conversation(call.Request, conversationId);
        var user = PresenceKey.Parse(userId);
        await RequestBody.ReadAsync(call.Request, ApiJson.Default.NoFields, cancellationToken);
        var membership = await change(user, conversation, cancellationToken);
        var wasMember = membership.Change.Before.Conversations.Contains(conversation);
        await TellAsync(call, user, membership, cancellationToken);
        foreach (var id in membership.Exited.Union(Abandoned(conversation, isMember, membership.Change)))
        {
            call.Apply(SignalRActions.OfUser(SignalRGroupActionType.Remove, user, id));
        }

        return new MembershipAnswer(conversation, user.ToString(), isMember, Changed: wasMember != isMember);
    }

    /// <summary>
    /// What the user must not hear from now on, whether or not it is connected: the service would put later connections of the user back
    /// into a group that the user itself was once added to.
    /// </summary>
    private IEnumerable<string> Abandoned(string conversation, bool isMember, Change change) =>
        !isMember ? [conversation]
        : change.Before.Conversations.IsEmpty && options.Value.DefaultConversation is { Length: > 0 } fallback && fallback != conversation ? [fallback]
        : [];

    /// <summary>The conversations entered are told of the user, if it is here; and its connections of who is there, and from now on of changes.</summary>
    private async Task TellAsync(ApiCall call, PresenceKey user, MembershipChange membership, CancellationToken cancellationToken)
    {
        var (change, entered, _) = membership;
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

        if (!entered.IsEmpty)
        {
            var snapshot = await snapshots.TakeAsync(entered, [], cancellationToken);
            call.Send(announcer.ToMessage(new(ClientMethod.Snapshot, snapshot, UserId: SignalRUserId.Of(user))));
        }
    }
}
