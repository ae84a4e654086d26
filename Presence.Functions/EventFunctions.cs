using Microsoft.Azure.Functions.Worker;
using Presence.Core.Ledger;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Lets the application's backend follow every change, from a cursor that it keeps.</summary>
public sealed class EventFunctions(ApiPipeline pipeline, EventFeed feed)
{
    /// <summary>How many events a page holds unless told otherwise.</summary>
    public const int DefaultPage = 100;

    /// <summary>In place of a cursor: from now on.</summary>
    public const string Latest = "latest";

    [Function(nameof(GetEvents))]
    public Task<ApiOutput> GetEvents(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/events")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForBackendAsync(
            request,
            async _ =>
            {
                var limit = RequestValues.Number(request, "limit", least: 1, EventFeed.MostAtOnce, DefaultPage);
                var after = RequestValues.Once(request, "after");
                return !feed.IsOn ? ApiResult.Fail(StatusCodes.Status404NotFound, "No events are kept: Presence:EventRetention is 0.", "not_found")
                    : after == Latest ? new EventsAnswer([], (await feed.LatestAsync(cancellationToken)).ToString(), HasMore: false)
                    : Answer(await feed.ReadAsync(after.Length == 0 ? null : EventCursor.Parse(after), limit, cancellationToken));
            });

    private static EventsAnswer Answer(EventPage page) => new([.. page.Events.Select(CloudEvent.Of)], page.Next.ToString(), page.HasMore);
}
