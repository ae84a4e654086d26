using Presence.Core.Budgets;
using Presence.Core.Ports;
using Presence.Core.Truth;

namespace Presence.Core.Stats;

/// <summary>The state of the whole system.</summary>
/// <param name="OnlineUsers">Registered users who are online or away.</param>
/// <param name="TotalUsers">Registered users ever seen.</param>
/// <param name="AnonymousSessions">Sessions of guests in force.</param>
/// <param name="OnlineAnonymous">Anonymous participants who are online or away.</param>
/// <param name="OfflineThresholdMinutes"><c>OfflineAfter</c> in minutes.</param>
/// <param name="MaintenanceActive">Whether the sweep has run when it last should have.</param>
/// <param name="LastSweep">The last sweep of any instance.</param>
/// <param name="Truth">Whether what is shown is so, by the checks of the last day; null where there were none.</param>
/// <param name="Cost">What the month costs; null where nothing has been added up yet.</param>
public sealed record MaintenanceStats(
    long OnlineUsers, long TotalUsers, long AnonymousSessions, long OnlineAnonymous, double OfflineThresholdMinutes,
    bool MaintenanceActive, LastSweep? LastSweep, TruthStats? Truth = null, CostStats? Cost = null);
