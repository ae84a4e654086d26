using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Rules;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>
/// Lets users, and the application's backend for them, choose what others see. Never a sign of activity: whoever turns invisible must not be seen
/// doing it.
/// </summary>
public sealed class AvailabilityFunctions(ApiPipeline pipeline, PresenceEngine engine, TimeProvider time)
{
    private const string RouteOfUser = "maintenance/availability/{userId}";

    private const string RouteOfAnyUser = "maintenance/availability";

    [Function(nameof(ChooseAvailability))]
    public Task<ApiOutput> ChooseAvailability(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/presence/me")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request, call => ChooseAsync(request, call.Caller, ChoiceSource.User, call.Credentials.IssuedAt, cancellationToken), cancellationToken);

    [Function(nameof(ResetAvailability))]
    public Task<ApiOutput> ResetAvailability(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/presence/me/availability")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerWithoutActivityAsync(
            request, call => ResetAsync(request, call.Caller, ChoiceSource.User, call.Credentials.IssuedAt, cancellationToken), cancellationToken);

    [Function(nameof(SetAvailability))]
    public Task<ApiOutput> SetAvailability(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = RouteOfUser)] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ChooseAsync(request, InPath(request, userId), ChoiceSource.Application, issuedAt: null, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(SetAvailabilityOfAnyId))]
    public Task<ApiOutput> SetAvailabilityOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = RouteOfAnyUser)] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ChooseAsync(request, InQuery(request), ChoiceSource.Application, issuedAt: null, cancellationToken));

    [Function(nameof(ClearAvailability))]
    public Task<ApiOutput> ClearAvailability(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = RouteOfUser)] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ResetAsync(request, InPath(request, userId), ChoiceSource.Application, issuedAt: null, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(ClearAvailabilityOfAnyId))]
    public Task<ApiOutput> ClearAvailabilityOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = RouteOfAnyUser)] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ResetAsync(request, InQuery(request), ChoiceSource.Application, issuedAt: null, cancellationToken));

    private static PresenceKey InPath(HttpRequest request, string userId) => PresenceKey.Parse(PathIds.FromPath(request, userId, nameof(userId)));

    private static PresenceKey InQuery(HttpRequest request) => PresenceKey.Parse(PathIds.FromQuery(request, "userId"));

    private async Task<object?> ChooseAsync(
        HttpRequest request, PresenceKey user, ChoiceSource source, DateTimeOffset? issuedAt, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, ApiJson.Default.ChoiceRequest, cancellationToken);
        return await ApplyAsync(user, new(source, ChoiceValues.Of(body, source, time.GetUtcNow()), issuedAt), cancellationToken);
    }

    private async Task<object?> ResetAsync(
        HttpRequest request, PresenceKey user, ChoiceSource source, DateTimeOffset? issuedAt, CancellationToken cancellationToken)
    {
        await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
        return await ApplyAsync(user, new(source, null, issuedAt), cancellationToken);
    }

    private async Task<OwnPresence> ApplyAsync(PresenceKey user, PresenceEvent.Chosen chosen, CancellationToken cancellationToken)
    {
        var change = await engine.ApplyAsync(user, chosen, cancellationToken);
        return change.Outcome == Outcome.Stale
            ? throw new SignedOutException(change.After.BannedUntil(time.GetUtcNow()))
            : change.After.OwnViewOf(user, time.GetUtcNow());
    }
}
