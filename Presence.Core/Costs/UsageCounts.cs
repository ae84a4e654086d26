using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;

namespace Presence.Core.Costs;

/// <summary>The counts of all instances, since ever, of which the bill is made.</summary>
/// <param name="Calls">Functions run by calls and events of connections.</param>
/// <param name="Timers">Functions run by timers.</param>
/// <param name="TableRequests">Requests to Table Storage.</param>
/// <param name="ToMany">Calls that send a message to a group; where last seen can be hidden a message is two, each to a part of those who listen.</param>
/// <param name="ToOne">Messages to one connection, or one user.</param>
/// <param name="Snapshots">Of those, snapshots, which are longer.</param>
public sealed record UsageCounts(double Calls, double Timers, double TableRequests, double ToMany, double ToOne, double Snapshots)
{
    /// <summary>The least that is billed when an instance works, in seconds.</summary>
    private const double Shortest = 1;

    /// <summary>Each 2 KB of a message are billed as one; a snapshot is taken to have two of them.</summary>
    private const double PartsOfSnapshot = 2;

    /// <summary>As Log Analytics stores a trace: the request, seen by host and worker, and what it called.</summary>
    private const double TraceBytes = 3_000;

    /// <summary>The metric series of an instance in a minute, and what one takes.</summary>
    private const double SeriesBytes = 80 * 500;

    private static readonly string[] OfOne = [ClientMethod.Snapshot, ClientMethod.Me, ClientMethod.Left];

    /// <summary>The part of what was measured that is billed.</summary>
    public static UsageCounts Of(MetricTotals totals)
    {
        var messages = MetricCatalogue.Messages.Attributes[0].Values.ToDictionary(target => target, target => totals.ValueOf(MetricCatalogue.Messages, target));
        return new(
            totals.ValueOf(MetricCatalogue.Executions, ExecutionTrigger.Call),
            totals.ValueOf(MetricCatalogue.Executions, ExecutionTrigger.Timer),
            Enumerable.Range(0, MetricCatalogue.StorageRequests.SeriesCount).Sum(i =>
                totals.ValueOf(MetricCatalogue.StorageRequests, MetricCatalogue.StorageRequests.ValuesOf(i).AsSpan())),
            messages.Where(m => !OfOne.Contains(m.Key)).Sum(m => m.Value),
            messages.Where(m => OfOne.Contains(m.Key)).Sum(m => m.Value),
            messages[ClientMethod.Snapshot]);
    }

    /// <summary>What was used since earlier counts. Where counts have been lost meanwhile, nothing is taken back.</summary>
    /// <param name="earlier">Those.</param>
    /// <param name="seconds">How long ago that was.</param>
    /// <param name="users">How many users are here: each has a connection.</param>
    /// <param name="options">How messages are sent, and what is assumed.</param>
    public Usage Since(UsageCounts earlier, double seconds, long users, PresenceOptions options)
    {
        var prices = options.Prices;
        var calls = Rise(earlier.Calls, Calls);
        var timers = Rise(earlier.Timers, Timers);
        var busy = Busy(calls / seconds, prices) + Busy(timers / seconds, prices);
        var kept = Math.Max(1, busy) * seconds;
        return new(
            calls + timers,
            busy * seconds * prices.InstanceMemory,
            Rise(earlier.TableRequests, TableRequests),
            (Rise(earlier.ToMany, ToMany) / CallsForMany(options) * prices.Listeners) + Rise(earlier.ToOne, ToOne) + (Rise(earlier.Snapshots, Snapshots) * (PartsOfSnapshot - 1)),
            Math.Max(prices.Units, Math.Ceiling(users / prices.UnitConnections)) * seconds / Bill.Day,
            (Math.Min(calls + timers, prices.Traces * kept) * TraceBytes) + (kept * SeriesBytes / 60));
    }

    /// <summary>Whoever listens hears one of them: with the times of last activities, or without.</summary>
    private static double CallsForMany(PresenceOptions options) => options.LastSeenCanBeHidden ? 2 : 1;

    /// <summary>Instances at work at once: rare executions are billed for the least time each, frequent ones share instances that are always at work.</summary>
    private static double Busy(double rate, PricesOptions prices) => Math.Min(rate * Shortest, Math.Max(1, rate / prices.InstanceThroughput));

    private static double Rise(double before, double after) => Math.Max(0, after - before);
}
