using System.Diagnostics;
using Presence.Core.Domain;
using Presence.Core.Rules;

namespace Presence.Core.Metrics;

/// <summary>
/// Our own spans, between those of the web server and those of the storage client. They say what kind of thing happened, never to whom:
/// no user id leaves the system in a trace.
/// </summary>
public static class Tracing
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = MetricCatalogue.SourceName;

    private const string Sweep = "presence.sweep";
    private const string Census = "presence.census";
    private const string Report = "presence.report";
    private const string Deliver = "presence.webhooks";
    private const string Truth = "presence.truth";
    private const string Budget = "presence.budget";

    internal static ActivitySource Source { get; } = new(SourceName);

    /// <summary>
    /// Whether this is what the system does by itself, over and over: a sweep, a census, a report, a look for what webhooks are owed, a check, a decision
    /// on the budget.
    /// </summary>
    public static bool IsUpkeep(Activity? span) =>
        span?.Source == Source && span.OperationName is Sweep or Census or Report or Deliver or Truth or Budget;

    /// <summary>Whether this is the report of an instance, the most frequent of it all.</summary>
    public static bool IsReport(Activity span) => span.Source == Source && span.OperationName == Report;

    /// <summary>Handing announcements on.</summary>
    public static Activity? StartAnnouncing() => Source.StartActivity("presence.announce", ActivityKind.Producer);

    /// <summary>How many changes became how many messages.</summary>
    public static void Announced(this Activity? span, int transitions, int messages) =>
        span?.SetTag("presence.transitions", transitions).SetTag("presence.messages", messages);

    /// <summary>One event on its way through the engine.</summary>
    internal static Activity? StartApplying(PresenceEvent happened) =>
        Source.StartActivity("presence.apply")?.SetTag("presence.event", happened.GetType().Name);

    /// <summary>What became of it.</summary>
    internal static void Applied(this Activity? span, Outcome outcome, int attempts, PresenceStatus? status)
    {
        span?.SetTag("presence.outcome", outcome.ToString()).SetTag("presence.attempts", attempts);
        if (status is { } changed)
        {
            span?.SetTag("presence.status", changed.ToString());
        }
    }

    /// <summary>It ended in an exception.</summary>
    internal static void Failed(this Activity? span) => span?.SetStatus(ActivityStatusCode.Error);

    /// <summary>One sweep.</summary>
    internal static Activity? StartSweeping() => Source.StartActivity(Sweep);

    /// <summary>What it did.</summary>
    internal static void Swept(this Activity? span, int due, int transitions, int failedShards) => span?
        .SetTag("presence.due", due)
        .SetTag("presence.transitions", transitions)
        .SetTag("presence.failed_shards", failedShards)
        .SetStatus(failedShards == 0 ? ActivityStatusCode.Ok : ActivityStatusCode.Error);

    /// <summary>One census.</summary>
    internal static Activity? StartCensus() => Source.StartActivity(Census);

    /// <summary>One look for what webhooks are owed.</summary>
    internal static Activity? StartDelivering() => Source.StartActivity(Deliver);

    /// <summary>One check of what is shown.</summary>
    internal static Activity? StartTruth() => Source.StartActivity(Truth);

    /// <summary>One look at the budget, to decide or to follow.</summary>
    internal static Activity? StartBudget() => Source.StartActivity(Budget);

    /// <summary>One report of an instance.</summary>
    internal static Activity? StartReporting() => Source.StartActivity(Report);
}
