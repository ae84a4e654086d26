using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Erasing;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets an operator, or the application's backend, erase all that is kept of one user.</summary>
public sealed class ErasureFunctions(ApiPipeline pipeline, Erasure erasure)
{
    [Function(nameof(EraseUser))]
    public Task<ApiOutput> EraseUser(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "maintenance/users/{userId}")] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, call => EraseAsync(call, PresenceKey.Parse(PathIds.FromPath(request, userId, nameof(userId))), cancellationToken));

    /// <summary>For ids that no path carries unchanged, such as one of dots, or one with a slash.</summary>
    [Function(nameof(EraseUserOfAnyId))]
    public Task<ApiOutput> EraseUserOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "maintenance/users")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, call => EraseAsync(call, PresenceKey.Parse(PathIds.FromQuery(request, "userId")), cancellationToken));

    private async Task<object?> EraseAsync(ApiCall call, PresenceKey user, CancellationToken cancellationToken)
    {
        await RequestBody.ReadAsync(call.Request, ApiJson.Default.NoFields, cancellationToken);
        var report = await erasure.EraseAsync(user, cancellationToken);
        return new ErasureAnswer(user.ToString(), report.RemovedRows, report.RevokedSessions, report.WasOnline);
    }
}
