using Presence.Core.Throttle;

namespace Presence.Core.Maintenance;

/// <summary>What one instance has counted.</summary>
/// <param name="InstanceId">Which; made anew at each start.</param>
/// <param name="Counts">Since its start.</param>
/// <param name="CacheSize">How many throttle windows it remembers.</param>
/// <param name="ReportedAt">When it said so, UTC.</param>
public sealed record InstanceReport(string InstanceId, ActivityCounts Counts, int CacheSize, DateTimeOffset ReportedAt);
