using Microsoft.Azure.Functions.Worker;
using Presence.Core.Watching;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>
/// Lets clients say whom a connection of theirs watches beside those in common conversations, while it is open. No sign of activity, because
/// clients do it by themselves.
/// </summary>
public sealed class WatchFunctions(ApiPipeline pipeline, WatchLists watches)
{
    private const string Route = "api/watches";

    [Function(nameof(GetWatches))]
    public Task<ApiOutput> GetWatches(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                var since = RequestValues.ReadingSince(request);
                var read = await watches.ReadAsync(call.Caller, WatchValues.ConnectionId(request), call.Credentials.IssuedAt, since, cancellationToken);
                return read is { Watching: > 0, Reading: { IsComplete: false, Users.IsEmpty: true } } ? ApiResult.NotModified(call.Token) : ToAnswer(read);
            },
            cancellationToken);

    [Function(nameof(ReplaceWatches))]
    public Task<ApiOutput> ReplaceWatches(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                var (connectionId, change) = WatchValues.Replacement(
                    await RequestBody.ReadAsync(request, ApiJson.Default.WatchesRequest, WatchValues.MaxBytes, cancellationToken));
                return await ChangeAsync(call, request, connectionId, change, cancellationToken);
            },
            cancellationToken);

    [Function(nameof(ChangeWatches))]
    public Task<ApiOutput> ChangeWatches(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                var (connectionId, change) = WatchValues.Change(
                    await RequestBody.ReadAsync(request, ApiJson.Default.WatchesChangeRequest, 2 * WatchValues.MaxBytes, cancellationToken));
                return await ChangeAsync(call, request, connectionId, change, cancellationToken);
            },
            cancellationToken);

    [Function(nameof(RemoveWatches))]
    public Task<ApiOutput> RemoveWatches(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request, CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request,
            async call =>
            {
                await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
                return await ChangeAsync(call, request, WatchValues.ConnectionId(request), new([], Removed: null), cancellationToken);
            },
            cancellationToken);

    private static object ToAnswer(WatchReading? read) => read is null
        ? ApiResult.Fail(StatusCodes.Status404NotFound, "The caller has no such connection.", "not_found")
        : new WatchesAnswer(read.ConnectionId, read.Watching, read.Reading.Users, read.Reading.Version, read.Reading.IsComplete);

    private async Task<object?> ChangeAsync(
        ApiCall call, HttpRequest request, string connectionId, WatchListChange change, CancellationToken cancellationToken)
    {
        var since = RequestValues.ReadingSince(request);
        return ToAnswer(await watches.ChangeAsync(call.Caller, connectionId, call.Credentials.IssuedAt, change, since, cancellationToken));
    }
}
