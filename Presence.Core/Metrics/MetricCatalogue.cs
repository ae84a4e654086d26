using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Presence.Core.Domain;
using static Presence.Core.Metrics.MetricKind;

namespace Presence.Core.Metrics;

/// <summary>All metrics there are.</summary>
internal static class MetricCatalogue
{
    /// <summary>The name of the meter, and of the source of our own spans.</summary>
    public const string SourceName = "Presence";

    public const string Outcome = "outcome";
    public const string Status = "status";
    public const string Kind = "kind";
    public const string Target = "target";
    public const string Operation = "operation";
    public const string Reason = "reason";
    public const string Shown = "shown";
    public const string Trigger = "trigger";
    public const string Model = "model";
    public const string Probability = "probability";

    public const string ForecastModel = "forecast";
    public const string BaseRateModel = "base_rate";

    private static readonly MetricAttribute ActivityOutcomes =
        new(Outcome, [ActivityOutcome.Recorded, ActivityOutcome.Throttled, ActivityOutcome.Ignored, ActivityOutcome.Passive, ActivityOutcome.Failed]);

    public static MetricDefinition ActivityRequests { get; } =
        new("presence.activity.requests", Counter, "{request}", "Activity calls, by what became of them.") { Attributes = [ActivityOutcomes] };

    public static MetricDefinition ActivityDuration { get; } =
        new("presence.activity.duration", Histogram, "s", "How long it took to record an activity, or to find in storage that it need not be.")
        {
            Attributes = [ActivityOutcomes],
            Buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        };

    public static MetricDefinition Transitions { get; } =
        new("presence.status.transitions", Counter, "{transition}", "Changes of status made, by the new status.")
        {
            Attributes = [new(Status, [.. Enum.GetValues<PresenceStatus>().Select(StatusName.Of)])],
        };

    public static MetricDefinition TimeToOffline { get; } =
        new("presence.time_to_offline", Histogram, "s", "From the moment a user was to be looked at to the moment the sweep set it offline.")
        {
            Buckets = [1, 2.5, 5, 7.5, 10, 12.5, 15, 20, 30, 60, 120, 300],
        };

    public static MetricDefinition SweepDuration { get; } =
        new("presence.sweep.duration", Histogram, "s", "How long a sweep took; partial: some shards failed, failed: all did.")
        {
            Attributes = [new(Outcome, ["complete", "partial", "failed"])],
            Buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60],
        };

    public static MetricDefinition DueUsers { get; } =
        new("presence.sweep.due_users", Counter, "{user}", "Users whom sweeps found due.");

    public static MetricDefinition Messages { get; } =
        new("presence.announcement.messages", Counter, "{message}", "Messages handed on to be sent by SignalR Service, by client method.")
        {
            Attributes =
            [
                new(Target,
                [
                    ClientMethod.UserStatus, ClientMethod.UserStatusBatch, ClientMethod.Snapshot, ClientMethod.Me, ClientMethod.State, ClientMethod.StateBatch,
                    ClientMethod.Counts, ClientMethod.Mode, ClientMethod.Left,
                ]),
            ],
        };

    public static MetricDefinition AnnouncementDelay { get; } =
        new("presence.announcement.delay", Histogram, "s", "From the decision on a change of status to its message being handed on.")
        {
            Buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60],
        };

    public static MetricDefinition PendingAnnouncements { get; } =
        new("presence.announcement.pending", Gauge, "{duty}", "What changes owe others, messages or groups or connections to close, that the last sweep found undone and could not do either.");

    public static MetricDefinition StorageRequests { get; } =
        new("presence.storage.requests", Counter, "{request}", "Requests sent to Table Storage, retries among them.")
        {
            Attributes = [new(Operation, ["read", "query", "write", "transaction"]), new(Outcome, ["ok", "conflict", "throttled", "failed", "canceled"])],
        };

    public static MetricDefinition UnreadableRows { get; } = new(
        "presence.storage.unreadable_rows", Counter, "{row}", "Rows passed over because they cannot be read, each time that one is met.");

    public static MetricDefinition SignalRRequests { get; } =
        new("presence.signalr.requests", Counter, "{request}", "What was asked of SignalR Service: messages, negotiation, checks, groups, closing.")
        {
            Attributes = [new(Outcome, ["ok", "failed"])],
        };

    public static MetricDefinition WebhookAttempts { get; } =
        new("presence.webhook.attempts", Counter, "{attempt}", "Attempts to deliver a message to a webhook, by what became of them.")
        {
            Attributes = [new(Outcome, ["delivered", "failed"])],
        };

    public static MetricDefinition WebhookLag { get; } =
        new("presence.webhook.lag", Histogram, "s", "From the first event of a message to its being delivered to a webhook.")
        {
            Buckets = [1, 2.5, 5, 10, 15, 20, 30, 60, 300, 1800, 7200, 86_400],
        };

    public static MetricDefinition WebhooksDisabled { get; } =
        new("presence.webhook.disabled", Counter, "{webhook}", "Webhooks disabled because their receiver is gone, or has failed for too long.")
        {
            Attributes = [new(Reason, ["gone", "failing"])],
        };

    public static MetricDefinition WebhooksSkipped { get; } = new(
        "presence.webhook.skipped", Counter, "{webhook}", "Webhooks so far behind that events they were owed had been removed: they went on with the oldest that is kept.");

    public static MetricDefinition Executions { get; } =
        new("presence.executions", Counter, "{execution}", "Functions that were run, by what started them: a call or an event of a connection, or a timer.")
        {
            Attributes = [new(Trigger, [ExecutionTrigger.Call, ExecutionTrigger.Timer])],
        };

    public static MetricDefinition TruthChecks { get; } =
        new("presence.truth.checks", Counter, "{check}", "Users checked against SignalR Service, by what is shown of them and whether that is so; changing, unchecked and unasked ones say nothing of it.")
        {
            Attributes = [new(Shown, [ShownAs.Here, ShownAs.Gone]), new(Outcome, [CheckOutcome.Right, CheckOutcome.Wrong, CheckOutcome.Changing, CheckOutcome.Unchecked, CheckOutcome.Unasked])],
        };

    public static MetricDefinition Cost { get; } =
        new("presence.cost.month", Gauge, "{USD}", "The bill of this month as forecast: spent so far, expected, least and most likely; and the budget, where there is one.")
        {
            Attributes = [new(Kind, ["spent", "expected", "least", "most", "budget"])],
        };

    public static MetricDefinition EconomyStep { get; } =
        new("presence.economy.step", Gauge, "{step}", "How sparing the system is: 0 normal, 1 thrifty, 2 frugal, 3 austere.");

    public static MetricDefinition ForecastLoss { get; } = new(
        "presence.forecast.loss", Histogram, "1", "Brier scores of weeks that were forecast, by what forecast them: skill is 1 less the sum of forecast by that of base_rate.")
    {
        Attributes = [new(Model, [ForecastModel, BaseRateModel])],
        Buckets = [0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.175, 0.2, 0.25, 0.3, 0.5],
    };

    public static MetricDefinition ForecastMinutes { get; } = new(
        "presence.forecast.minutes", Counter, "{minute}", "Minutes of weeks that were forecast, by the probability held, rounded to tenths, and by whether the user was here.")
    {
        Attributes = [new(Probability, [.. Enumerable.Range(0, 11).Select(ForecastProbability)]), new(Outcome, ["here", "gone"])],
    };

    public static MetricDefinition ThrottleEntries { get; } =
        new("presence.throttle.entries", Gauge, "{user}", "Users whose throttle window an instance remembers.");

    public static MetricDefinition Users { get; } =
        new("presence.users", Gauge, "{user}", "Users who are here, at the last census.")
        {
            Attributes = [new(Kind, ["registered", "anonymous"]), new(Status, ["online", "away"])],
        };

    /// <summary>Known only of all instances together: not measured by any, and so on <c>GET /metrics</c> alone.</summary>
    public static MetricDefinition Instances { get; } =
        new("presence.instances", Gauge, "{instance}", "Instances that have reported within the last minute.");

    /// <inheritdoc cref="Instances"/>
    public static MetricDefinition LastSweep { get; } =
        new("presence.sweep.last_run_timestamp", Gauge, "s", "When the last sweep began, in seconds since 1970.");

    /// <inheritdoc cref="Instances"/>
    public static MetricDefinition MaintenanceActive { get; } =
        new("presence.maintenance.active", Gauge, "", "1 if the sweep has run when it last should have, else 0.");

    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        ActivityRequests, ActivityDuration, Transitions, TimeToOffline, SweepDuration, DueUsers, Messages, AnnouncementDelay,
        PendingAnnouncements, StorageRequests, UnreadableRows, SignalRRequests, Executions, WebhookAttempts, WebhookLag, WebhooksDisabled, WebhooksSkipped,
        TruthChecks, Cost, EconomyStep, ForecastLoss, ForecastMinutes, ThrottleEntries, Users, Instances, LastSweep, MaintenanceActive,
    ];

    /// <summary>The metric of each series, by the key of the series. With other bucket bounds a metric needs another name: old sums stay.</summary>
    public static FrozenDictionary<string, MetricDefinition> BySeries { get; } = All
        .SelectMany(metric => Enumerable.Range(0, metric.SeriesCount).Select(i => (Key: metric.KeyOf(metric.ValuesOf(i).AsSpan()), metric)))
        .ToFrozenDictionary(series => series.Key, series => series.metric);

    /// <summary>By name.</summary>
    public static FrozenDictionary<string, MetricDefinition> ByName { get; } = All.ToFrozenDictionary(d => d.Name);

    /// <summary>A probability among those of <see cref="ForecastMinutes"/>.</summary>
    public static string ForecastProbabilityOf(double probability) => ForecastProbability((int)Math.Round(probability * 10));

    private static string ForecastProbability(int tenths) => (tenths / 10d).ToString("0.0", CultureInfo.InvariantCulture);
}
