using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Looks users up; signs the caller out.</summary>
public sealed class PresenceFunctions(ApiPipeline pipeline, PresenceReader reader, PresenceEngine engine)
{
    [Function(nameof(GetPresence))]
    public Task<ApiOutput> GetPresence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/presence/{userId}")] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) => await ReadAsync(call, PathIds.UserOrCaller(call, userId, nameof(userId)), cancellationToken),
            cancellationToken);

    /// <summary>Of <c>?ids=a,b</c>, or of the one user of <c>?userId=</c>, where any id can be written.</summary>
    [Function(nameof(GetPresenceOfMany))]
    public Task<ApiOutput> GetPresenceOfMany(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/presence")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) =>
            {
                if (request.Query.ContainsKey("userId"))
                {
                    return await ReadAsync(call, RequestValues.SingleUser(request), cancellationToken);
                }

                var read = await ReadManyAsync(call, RequestValues.Ids(request), RequestValues.ReadingSince(request), cancellationToken);
                return read is { IsComplete: false, Users.Count: 0 } ? ApiResult.NotModified(call.Token) : read;
            },
            cancellationToken);

    /// <summary>The same of more ids than a URL takes.</summary>
    [Function(nameof(FindPresenceOfMany))]
    public Task<ApiOutput> FindPresenceOfMany(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/presence")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.PresenceRequest, WatchValues.MaxBytes, cancellationToken);
                var users = RequestValues.Ids(body.Ids, "ids");
                return users.IsEmpty
                    ? throw new InvalidInputException("ids", $"must name 1 to {RequestValues.MaxIds} users; it names none")
                    : await ReadManyAsync(call, users, RequestValues.ReadingSince(body.Since), cancellationToken);
            },
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

    private async Task<PresenceAnswer> ReadManyAsync(
        ApiCall call, IReadOnlyList<PresenceKey> users, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var read = await reader.ReadSinceAsync(call.Caller, users, since, cancellationToken);
        return new(read.Users, read.Version, read.IsComplete);
    }

    /// <summary>The caller sees of itself what others may not.</summary>
    private async Task<PresenceView> ReadAsync(ApiCall call, PresenceKey user, CancellationToken cancellationToken) => user == call.Caller
        ? await reader.ReadOwnAsync(user, cancellationToken)
        : (await reader.ReadAsync(call.Caller, [user], cancellationToken))[0];
}
