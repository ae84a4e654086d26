using Presence.Core.Ports;

namespace Presence.Core.Reports;

/// <summary>The counts of all instances since the last reset.</summary>
/// <param name="Counts">The sums.</param>
/// <param name="CacheSize">How many throttle windows the instances remember together.</param>
public sealed record StatusMetrics(ActivityCounts Counts, int CacheSize);
