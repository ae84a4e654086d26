namespace Presence.Tests.Infra;

/// <summary>The metrics of the system.</summary>
internal static class KnownMetrics
{
    private static readonly string[] Outcomes = ["recorded", "throttled", "ignored", "failed"];

    /// <summary>Those that every instance has: in Log Analytics, and in the Prometheus text.</summary>
    public static IReadOnlyList<KnownMetric> Everywhere { get; } =
    [
        Metric("presence.activity.requests", KnownMetricKind.Counter, false, ("outcome", Outcomes)),
        Metric("presence.activity.duration", KnownMetricKind.Histogram, true, ("outcome", Outcomes)),
        Metric("presence.status.transitions", KnownMetricKind.Counter, false, ("status", ["online", "away", "offline"])),
        Metric("presence.time_to_offline", KnownMetricKind.Histogram, true),
        Metric("presence.sweep.duration", KnownMetricKind.Histogram, true, ("outcome", ["complete", "partial", "failed"])),
        Metric("presence.sweep.due_users", KnownMetricKind.Counter, false),
        Metric("presence.announcement.messages", KnownMetricKind.Counter, false, ("target", ["user:status", "user:status:batch", "presence:snapshot"])),
        Metric("presence.announcement.delay", KnownMetricKind.Histogram, true),
        Metric("presence.announcement.pending", KnownMetricKind.Gauge, false),
        Metric("presence.storage.requests", KnownMetricKind.Counter, false,
            ("operation", ["read", "query", "write", "transaction"]), ("outcome", ["ok", "conflict", "throttled", "failed"])),
        Metric("presence.signalr.requests", KnownMetricKind.Counter, false, ("outcome", ["ok", "failed"])),
        Metric("presence.throttle.entries", KnownMetricKind.Gauge, false),
        Metric("presence.users", KnownMetricKind.Gauge, false, ("kind", ["registered", "anonymous"]), ("status", ["online", "away"])),
    ];

    /// <summary>Those that only the Prometheus text has, from what the instances share.</summary>
    public static IReadOnlyList<KnownMetric> OnlyInPrometheus { get; } =
    [
        Metric("presence.instances", KnownMetricKind.Gauge, false),
        Metric("presence.sweep.last_run_timestamp", KnownMetricKind.Gauge, true),
        Metric("presence.maintenance.active", KnownMetricKind.Gauge, false),
    ];

    public static KnownMetric? Find(string name) => Everywhere.FirstOrDefault(metric => metric.Name == name);

    private static KnownMetric Metric(
        string name, KnownMetricKind kind, bool isInSeconds, params (string Name, IReadOnlyList<string> Values)[] attributes) =>
        new(name, kind, isInSeconds, attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Values));
}
