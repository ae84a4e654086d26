using Presence.Core.Ports;

namespace Presence.Core.Stats;

/// <summary>The state of the whole system.</summary>
/// <param name="OnlineUsers">Registered users who are online or away.</param>
/// <param name="TotalUsers">Registered users ever seen.</param>
/// <param name="AnonymousSessions">Sessions of guests in force.</param>
/// <param name="OnlineAnonymous">Anonymous participants who are online or away.</param>
/// <param name="OfflineThresholdMinutes"><c>OfflineAfter</c> in minutes.</param>
/// <param name="MaintenanceActive">Whether the sweep has run when it last should have.</param>
/// <param name="LastSweep">The last sweep of any instance.</param>
public sealed record MaintenanceStats(
    long OnlineUsers, long TotalUsers, long AnonymousSessions, long OnlineAnonymous, double OfflineThresholdMinutes,
    bool MaintenanceActive, LastSweep? LastSweep);
