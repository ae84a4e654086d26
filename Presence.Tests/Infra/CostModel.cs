namespace Presence.Tests.Infra;

/// <summary>The formula of docs/costs.md, step by step, over its constants: what a month costs in US dollars.</summary>
internal sealed class CostModel(IReadOnlyDictionary<string, double> constants)
{
    private const double Million = 1_000_000;

    /// <summary>One row of the table of results.</summary>
    /// <param name="Executions">Function executions.</param>
    /// <param name="ComputeTime">Function GB-s.</param>
    /// <param name="Table">Requests to Table Storage.</param>
    /// <param name="Units">SignalR units.</param>
    /// <param name="Messages">SignalR messages beyond those included.</param>
    /// <param name="Logs">Log Analytics.</param>
    /// <param name="Fixed">What does not depend on users.</param>
    public readonly record struct Month(
        double Executions, double ComputeTime, double Table, double Units, double Messages, double Logs, double Fixed)
    {
        public double Total => Executions + ComputeTime + Table + Units + Messages + Logs + Fixed;
    }

    /// <summary>How many of the activity calls are recorded: the first at or after each end of the window.</summary>
    public double RecordedShare => C("callEvery") / (Math.Ceiling(C("window") / C("callEvery")) * C("callEvery"));

    public Month Of(double users) => new(
        PerMonth(Executions(users), C("freeExecutions")) / Million * C("executionsPrice"),
        PerMonth(Busy(users) * C("memory"), C("freeGbSeconds")) * C("gbSecondPrice"),
        PerMonth(TableRequests(users)) / 10_000 * C("tablePrice"),
        Units(users) * C("unitPrice") * Days,
        Math.Max(0, (Messages(users) * 86_400) - (Units(users) * C("includedMessages") * Million)) * Days / Million * C("messagesPrice"),
        PerMonth(LogBytes(users) / 1e9, C("freeLogs")) * C("logsPrice"),
        Fixed);

    /// <summary>Requests to Table Storage per second.</summary>
    public double TableRequests(double users) =>
        (C("recordRequests") * Recorded(users))
        + (C("lookupRequests") * LookedUp(users))
        + (Sessions(users) * (ComingRequests + C("heldRequests") + C("disconnectRequests") + (0.5 * (C("changes") - 2) * (1 + (C("conversations") * C("tellRosterRequests"))))))
        + (2 * Math.Min(Swept(users), (C("shards") / C("sweepEvery")) + (Swept(users) / C("together"))))
        + (Swept(users) * C("conversations") * C("tellRosterRequests"))
        + (users / C("checkEvery"))
        + ((C("shards") + 1) / C("sweepEvery"))
        + ((C("shards") + (users / 1000) + 1 + C("budgetRequests")) / C("censusEvery"))
        + (C("shards") / C("censusEvery")) + (Events(users) * ((1 / 1_000.0) + (1 / 100.0)))
        + (C("truthRequests") / C("truthEvery"))
        + (1 / C("webhookEvery"))
        + Busy(users);

    /// <summary>Requests to Table Storage per second if every activity call were recorded.</summary>
    public double TableRequestsWithoutThrottle(double users) =>
        TableRequests(users)
        - (C("recordRequests") * Recorded(users))
        - (C("lookupRequests") * LookedUp(users))
        + (C("recordRequests") * Calls(users));

    /// <summary>Requests to Table Storage until a user has come: negotiated, connected, and told of its conversations.</summary>
    public double ComingRequests =>
        C("negotiateRequests") + C("connectRequests") + (C("conversations") * (C("tellRosterRequests") + C("rosterRequests") + (C("rosterShardRequests") * C("shards"))));

    /// <summary>Activity calls per second that are recorded.</summary>
    public double Recorded(double users) => Calls(users) * RecordedShare;

    /// <summary>Activity calls per second that are not, by an instance that must look up whether they are to be.</summary>
    public double LookedUp(double users) => (Calls(users) - Recorded(users)) * (1 - (1 / Math.Max(1, BusyBy(HttpRate(users)))));

    /// <summary>Users per second who come, and as many who leave.</summary>
    public double Sessions(double users) => users / C("session");

    /// <summary>Events per second that are written, and as many that have had their time and are removed: each change of status is one.</summary>
    public double Events(double users) => Sessions(users) * C("changes");

    /// <summary>Bytes of the events that are kept.</summary>
    public double EventBytes(double users) => Events(users) * 86_400 * C("eventDays") * C("eventBytes");

    /// <summary>Changes by time alone: each session ends with one, and half of the further ones are turning away.</summary>
    public double Swept(double users) => Sessions(users) * (1 + (0.5 * (C("changes") - 2)));

    /// <summary>Instances at work at once: the functions with HTTP and SignalR triggers share theirs, each timer has its own.</summary>
    public double Busy(double users) => Busy(users, coming: Sessions(users));

    /// <summary>The same, while so many users a second come.</summary>
    public double Busy(double users, double coming) =>
        BusyBy(Calls(users) + (2 * coming) + Sessions(users)) + BusyBy(1 / C("sweepEvery")) + BusyBy(1 / C("censusEvery"))
        + BusyBy(1 / C("truthEvery")) + BusyBy(1 / C("webhookEvery"));

    private double Days => C("month") / 86_400;

    private double Fixed =>
        (C("blobRequests") * C("month") / 10_000 * C("blobPrice"))
        + (C("logAlerts") * C("logAlertPrice"))
        + (C("metricAlerts") * C("metricAlertPrice"));

    private double Calls(double users) => users / C("callEvery");

    private double HttpRate(double users) => Calls(users) + Sessions(users);

    private double Executions(double users) => (Calls(users) / C("tells")) + (3 * Sessions(users)) + (1 / C("sweepEvery")) + (1 / C("censusEvery"))
        + (1 / C("truthEvery")) + (1 / C("webhookEvery"));

    /// <summary>Rare executions are billed for the shortest time each; frequent ones share instances that are always at work.</summary>
    private double BusyBy(double rate) => Math.Min(rate * C("shortest"), Math.Max(1, rate / C("perInstance")));

    private double Messages(double users) => Sessions(users) * ((C("changes") * C("listeners")) + C("snapshot"));

    private double Units(double users) => Math.Max(1, Math.Ceiling(users / C("unitConnections")));

    private double LogBytes(double users) =>
        (Math.Min(Executions(users), C("traces") * Math.Max(1, Busy(users))) * C("traceBytes"))
        + (Math.Max(1, Busy(users)) * C("series") * C("seriesBytes") / 60);

    private double PerMonth(double perSecond, double free = 0) => Math.Max(0, (perSecond * C("month")) - free);

    private double C(string name) => constants[name];
}
