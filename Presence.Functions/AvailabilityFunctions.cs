using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets users, and the application's backend for them, choose what others see.</summary>
public sealed class AvailabilityFunctions(ApiPipeline pipeline, PresenceEngine engine, TimeProvider time)
{
    private const string RouteOfUser = "maintenance/availability/{userId}";

    private const string RouteOfAnyUser = "maintenance/availability";

    [Function(nameof(ChooseAvailability))]
    public Task<ApiOutput> ChooseAvailability(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/presence/me")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(request, (call, _) => ChooseAsync(request, call.Caller, ChoiceSource.User, cancellationToken), cancellationToken);

    [Function(nameof(ResetAvailability))]
    public Task<ApiOutput> ResetAvailability(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/presence/me/availability")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(request, (call, _) => ResetAsync(request, call.Caller, ChoiceSource.User, cancellationToken), cancellationToken);

    [Function(nameof(SetAvailability))]
    public Task<ApiOutput> SetAvailability(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = RouteOfUser)] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ChooseAsync(request, InPath(request, userId), ChoiceSource.Application, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(SetAvailabilityOfAnyId))]
    public Task<ApiOutput> SetAvailabilityOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = RouteOfAnyUser)] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ChooseAsync(request, InQuery(request), ChoiceSource.Application, cancellationToken));

    [Function(nameof(ClearAvailability))]
    public Task<ApiOutput> ClearAvailability(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = RouteOfUser)] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ResetAsync(request, InPath(request, userId), ChoiceSource.Application, cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(ClearAvailabilityOfAnyId))]
    public Task<ApiOutput> ClearAvailabilityOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = RouteOfAnyUser)] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request, _ => ResetAsync(request, InQuery(request), ChoiceSource.Application, cancellationToken));

    private static PresenceKey InPath(HttpRequest request, string userId) => PresenceKey.Parse(PathIds.FromPath(request, userId, nameof(userId)));

    private static PresenceKey InQuery(HttpRequest request) => PresenceKey.Parse(PathIds.FromQuery(request, "userId"));

    private async Task<object?> ChooseAsync(HttpRequest request, PresenceKey user, ChoiceSource source, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, ApiJson.Default.ChoiceRequest, cancellationToken);
        return await ApplyAsync(user, source, ChoiceValues.Of(body, source, time.GetUtcNow()), cancellationToken);
    }

    private async Task<object?> ResetAsync(HttpRequest request, PresenceKey user, ChoiceSource source, CancellationToken cancellationToken)
    {
        await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
        return await ApplyAsync(user, source, choice: null, cancellationToken);
    }

    private async Task<OwnPresence> ApplyAsync(PresenceKey user, ChoiceSource source, Choice? choice, CancellationToken cancellationToken)
    {
        var change = await engine.ApplyAsync(user, new PresenceEvent.Chosen(source, choice), cancellationToken);
        return change.After.OwnViewOf(user, time.GetUtcNow());
    }
}
