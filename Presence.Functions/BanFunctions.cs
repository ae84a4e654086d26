using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend, or an operator, force a user out and keep it out for a while.</summary>
public sealed class BanFunctions(ApiPipeline pipeline, PresenceEngine engine, TimeProvider time)
{
    private const string Route = "maintenance/bans/{userId}";

    private const string RouteOfAnyId = "maintenance/bans";

    [Function(nameof(BanUser))]
    public Task<ApiOutput> BanUser(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = Route)] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => BanAsync(request, PathIds.FromPath(request, userId, nameof(userId)), cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(BanUserOfAnyId))]
    public Task<ApiOutput> BanUserOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = RouteOfAnyId)] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => BanAsync(request, PathIds.FromQuery(request, "userId"), cancellationToken));

    [Function(nameof(LiftBan))]
    public Task<ApiOutput> LiftBan(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = Route)] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => LiftAsync(request, PathIds.FromPath(request, userId, nameof(userId)), cancellationToken));

    /// <summary>For ids that no path carries unchanged.</summary>
    [Function(nameof(LiftBanOfAnyId))]
    public Task<ApiOutput> LiftBanOfAnyId(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = RouteOfAnyId)] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(request, _ => LiftAsync(request, PathIds.FromQuery(request, "userId"), cancellationToken));

    private async Task<object?> BanAsync(HttpRequest request, string userId, CancellationToken cancellationToken)
    {
        var user = PresenceKey.Parse(userId);
        var body = await RequestBody.ReadAsync(request, ApiJson.Default.BanRequest, cancellationToken);
        return await ApplyAsync(user, Ends.Parse(body.Until, "until", time.GetUtcNow()), cancellationToken);
    }

    private async Task<object?> LiftAsync(HttpRequest request, string userId, CancellationToken cancellationToken)
    {
        var user = PresenceKey.Parse(userId);
        await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
        return await ApplyAsync(user, until: null, cancellationToken);
    }

    private async Task<BanAnswer> ApplyAsync(PresenceKey user, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var change = await engine.ApplyAsync(user, new PresenceEvent.Banned(until), cancellationToken);
        return new(user.ToString(), change.After.BannedUntil(time.GetUtcNow()), WasOnline: change.Before.Online is not null);
    }
}
