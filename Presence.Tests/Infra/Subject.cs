
namespace Presence.Tests.Infra;

/// <summary>Something that both dashboards have to show.</summary>
/// <param name="What">In words.</param>
/// <param name="Metric">The metric, as in Log Analytics, from which it is made; in Prometheus it may have another.</param>
/// <param name="GrafanaPanel">The title of the panel that shows it in Grafana.</param>
/// <param name="WorkbookQuery">The name of the query that shows it in the workbook.</param>
/// <param name="PrometheusMetric">Where only the Prometheus text has the metric.</param>
internal sealed record Subject(string What, string Metric, string GrafanaPanel, string WorkbookQuery, string? PrometheusMetric = null)
{
    public static IReadOnlyList<Subject> All { get; } =
    [
        new("users online and away by kind", "presence.users", "Users by status and kind", "users"),
        new("users online now", "presence.users", "Users online", "users-now"),
        new("users away now", "presence.users", "Users away", "users-now"),
        new("activity rate", "presence.activity.requests", "Activity rate by outcome", "activity-rate"),
        new("throttle rate", "presence.activity.requests", "Throttle rate over time", "throttle-rate"),
        new("writes saved over time", "presence.activity.requests", "Writes saved over time", "writes-saved"),
        new("writes saved, count", "presence.activity.requests", "Writes saved", "writes-saved-total"),
        new("writes saved, percent", "presence.activity.requests", "Writes saved, share", "writes-saved-total"),
        new("activity latency", "presence.activity.duration", "Activity latency", "activity-latency"),
        new("transitions", "presence.status.transitions", "Transitions", "transitions"),
        new("age of the last sweep", "presence.sweep.duration", "Age of the last sweep", "sweep-age", "presence.sweep.last_run_timestamp"),
        new("sweep duration", "presence.sweep.duration", "Sweep duration", "sweep-duration"),
        new("time to offline", "presence.time_to_offline", "Time to offline", "time-to-offline"),
        new("users due", "presence.sweep.due_users", "Users due per sweep", "due-users"),
        new("failed updates", "presence.activity.requests", "Failed updates", "failed-updates"),
        new("storage failed or throttled", "presence.storage.requests", "Storage failed or throttled", "storage-failures"),
        new("SignalR failed", "presence.signalr.requests", "SignalR failed", "signalr-failures"),
        new("sweeps partial or failed", "presence.sweep.duration", "Sweeps partial or failed", "sweep-failures"),
        new("messages by target", "presence.announcement.messages", "Messages", "messages"),
        new("announcement delay", "presence.announcement.delay", "Announcement delay", "announcement-delay"),
        new("announcements pending", "presence.announcement.pending", "Announcements pending", "announcements-pending"),
        new("storage requests by operation", "presence.storage.requests", "Storage requests by operation", "storage-requests"),
        new("unreadable rows", "presence.storage.unreadable_rows", "Unreadable rows", "unreadable-rows"),
        new("truth rate", "presence.truth.checks", "Truth rate", "truth-rate"),
        new("truth checks", "presence.truth.checks", "Truth checks", "truth-checks"),
        new("bill of the month", "presence.cost.month", "Bill of the month", "bill"),
        new("economy", "presence.economy.step", "Economy", "economy"),
        new("executions", "presence.executions", "Executions", "executions"),
        new("throttle entries", "presence.throttle.entries", "Throttle entries", "throttle-entries"),
        new("webhook attempts", "presence.webhook.attempts", "Webhook attempts", "webhook-attempts"),
        new("webhook lag", "presence.webhook.lag", "Webhook lag", "webhook-lag"),
        new("webhooks disabled", "presence.webhook.disabled", "Webhooks interrupted", "webhooks-interrupted"),
        new("webhooks too far behind", "presence.webhook.skipped", "Webhooks interrupted", "webhooks-interrupted"),
        new("skill of the forecast", "presence.forecast.loss", "Forecast skill", "forecast-skill"),
        new("calibration of the forecast", "presence.forecast.minutes", "Forecast calibration", "forecast-calibration"),
        new("estimated cost of storage", "presence.storage.requests", "Estimated cost per month", "cost"),
        new("estimated cost of activity", "presence.activity.requests", "Estimated cost per month", "cost"),
        new("estimated cost of sweeps", "presence.sweep.duration", "Estimated cost per month", "cost"),
    ];

    public static TheoryData<string> Names { get; } = [.. All.Select(subject => subject.What)];

    public static Subject Of(string what) => All.Single(subject => subject.What == what);
}
