using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Forecasting;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>When users are usually here, in the next seven days.</summary>
public sealed class ForecastFunctions(ApiPipeline pipeline, ForecastReader reader)
{
    [Function(nameof(GetForecast))]
    public Task<ApiOutput> GetForecast(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/presence/{userId}/forecast")] HttpRequest request,
        string userId,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) => await ReadAsync(call, PathIds.UserOrCaller(call, userId, nameof(userId)), cancellationToken),
            cancellationToken);

    /// <summary>For ids that no path carries unchanged. Not below the look-up's path, where its last part is the id of a user.</summary>
    [Function(nameof(GetForecastOfAnyId))]
    public Task<ApiOutput> GetForecastOfAnyId(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/forecast")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request, async (call, _) => await ReadAsync(call, PresenceKey.Parse(PathIds.FromQuery(request, "userId")), cancellationToken), cancellationToken);

    private async Task<Forecast> ReadAsync(ApiCall call, PresenceKey user, CancellationToken cancellationToken) =>
        await reader.ReadAsync(call.Caller, user, HistoryValues.TimeZone(call.Request), cancellationToken);
}
