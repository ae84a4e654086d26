using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Looks users up; signs the caller out.</summary>
public sealed class PresenceFunctions(ApiPipeline pipeline, PresenceReader reader, PresenceEngine engine)
{
    /// <summary>Stands for the caller where a user id is written in a path.</summary>
    private const string Me = "me";

    [Function(nameof(GetPresence))]
    public Task<ApiOutput> GetPresence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/presence/{userId}")] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) =>
            {
                var id = PathIds.FromPath(request, userId, nameof(userId));
                var user = id == Me ? call.Caller : PresenceKey.Parse(id);
                return await ReadAsync(call, user, cancellationToken);
            },
            cancellationToken);

    /// <summary>Of <c>?ids=a,b</c>, or of the one user of <c>?userId=</c>, where any id can be written.</summary>
    [Function(nameof(GetPresenceOfMany))]
    public Task<ApiOutput> GetPresenceOfMany(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/presence")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) => request.Query.ContainsKey("userId")
                ? await ReadAsync(call, RequestValues.SingleUser(request), cancellationToken)
                : new PresenceAnswer(await reader.ReadAsync(call.Caller, RequestValues.Ids(request), cancellationToken)),
            cancellationToken);

    [Function(nameof(SignOut))]
    public Task<ApiOutput> SignOut(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/presence/me")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                var change = await engine.ApplyAsync(call.Caller, new PresenceEvent.SignedOut(), cancellationToken);
                return change.After.ViewOf(call.Caller);
            },
            cancellationToken);

    /// <summary>The caller sees of itself what others may not.</summary>
    private async Task<PresenceView> ReadAsync(ApiCall call, PresenceKey user, CancellationToken cancellationToken) => user == call.Caller
        ? await reader.ReadOwnAsync(user, cancellationToken)
        : (await reader.ReadAsync(call.Caller, [user], cancellationToken))[0];
}
