using Microsoft.Extensions.Logging;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Webhooks;

/// <summary>What a run has done.</summary>
/// <param name="Due">How many webhooks were to be looked at.</param>
/// <param name="Delivered">How many messages were delivered.</param>
/// <param name="Failed">How many attempts failed.</param>
/// <param name="Unfinished">How many webhooks could not be seen to, because storage failed or another instance saw to them.</param>
public sealed record WebhookReport(int Due, int Delivered, int Failed, int Unfinished);

/// <summary>
/// Sends webhooks what they are owed: one request for all that are not due, and for those that are the pages of the feed, each read once, and one
/// write for each message. Safe to run anywhere, any time, many at once: the cursor moves by a conditional write, and what two have sent carries
/// the same ids.
/// </summary>
public sealed partial class WebhookDelivery
{
    /// <summary>
    /// No message is begun later in a run than this: with the time of one attempt the run ends before the next one begins, so that a slow receiver
    /// keeps no other waiting.
    /// </summary>
    internal static readonly TimeSpan BeginWithin = TimeSpan.FromSeconds(5);

    private readonly IWebhookStore _store;
    private readonly EventFeed _feed;
    private readonly EventGridWebhook _eventGrid;
    private readonly IWebhookSender _sender;
    private readonly PresenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookDelivery> _logger;

    internal WebhookDelivery(
        IWebhookStore store,
        EventFeed feed,
        EventGridWebhook eventGrid,
        IWebhookSender sender,
        PresenceMetrics metrics,
        TimeProvider time,
        ILogger<WebhookDelivery> logger) =>
        (_store, _feed, _eventGrid, _sender, _metrics, _time, _logger) = (store, feed, eventGrid, sender, metrics, time, logger);

    /// <summary>Sends what is due.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<WebhookReport> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Tracing.StartDelivering();
        if (!_feed.IsOn)
        {
            return new(0, 0, 0, 0);
        }

        var now = _time.GetUtcNow();
        var stored = await _store.ListAsync(cancellationToken);
        await _eventGrid.PrepareAsync(stored, cancellationToken);
        var due = _eventGrid.InForce(stored).Where(one => WebhookRules.IsDue(one.Webhook.Health, now)).ToList();
        if (due.Count == 0)
        {
            return new(0, 0, 0, 0);
        }

        // All at once: there are at most as many as there may be webhooks, and one that is slow takes no turn of another.
        using var limit = new TimeLimit(BeginWithin, _time, cancellationToken);
        var pages = new FeedPages(_feed, now, cancellationToken);
        var lanes = await Task.WhenAll(due.Select(async one =>
        {
            var lane = new WebhookLane(_store, pages, _sender, _metrics, _time, one);
            return (Lane: lane, Problem: await RunAsync(lane, limit, cancellationToken));
        }));
        var problems = lanes.Where(lane => lane.Problem is not null).ToList();
        if (problems.Count > 0)
        {
            LogUnfinished(problems.Count, problems[0].Problem!);
        }

        foreach (var ended in lanes.Select(lane => lane.Lane.EndedAs).OfType<WebhookEnd>())
        {
            LogDisabled(ended);
        }

        return new(due.Count, lanes.Sum(lane => lane.Lane.Delivered), lanes.Sum(lane => lane.Lane.Failed), lanes.Count(lane => lane.Problem is not null || lane.Lane.IsOvertaken));
    }

    /// <summary>Whatever goes wrong with one keeps no other from its messages; its cursor stays, and the next run goes on from there.</summary>
    private static async Task<Exception?> RunAsync(WebhookLane lane, TimeLimit limit, CancellationToken cancellationToken)
    {
        try
        {
            await lane.RunAsync(limit, cancellationToken);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e;
        }
    }

    [LoggerMessage(EventName = "WebhooksUnfinished", Level = LogLevel.Error, Message = "{Webhooks} webhooks could not be seen to; the next run goes on from where they are.")]
    private partial void LogUnfinished(int webhooks, Exception exception);

    [LoggerMessage(EventName = "WebhookDisabled", Level = LogLevel.Error, Message = "A webhook was disabled: {Reason}. The list of webhooks says which.")]
    private partial void LogDisabled(WebhookEnd reason);
}
