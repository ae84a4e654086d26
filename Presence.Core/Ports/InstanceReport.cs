using Presence.Core.Metrics;

namespace Presence.Core.Ports;

/// <summary>What one instance has measured.</summary>
/// <param name="InstanceId">Which; made anew at each start.</param>
/// <param name="Totals">Since its start.</param>
/// <param name="ReportedAt">When it said so, UTC.</param>
public sealed record InstanceReport(string InstanceId, MetricTotals Totals, DateTimeOffset ReportedAt);
