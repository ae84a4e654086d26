namespace Presence.Core.Options;

/// <summary>
/// What Azure charges, and what of it is assumed and not counted, by which the bill of the month is forecast. List prices in US dollars; the
/// defaults are those of docs/costs.md.
/// </summary>
public sealed class PricesOptions
{
    /// <summary>A million executions. Default 0.40.</summary>
    public double Executions { get; set; } = 0.40;

    /// <summary>Executions a month at no charge. Default 250,000.</summary>
    public double FreeExecutions { get; set; } = 250_000;

    /// <summary>A GB-second. Default 0.000026.</summary>
    public double ComputeTime { get; set; } = 0.000026;

    /// <summary>GB-seconds a month at no charge. Default 100,000.</summary>
    public double FreeComputeTime { get; set; } = 100_000;

    /// <summary>10,000 requests to Table Storage. Default 0.00036.</summary>
    public double TableRequests { get; set; } = 0.00036;

    /// <summary>A unit of SignalR Service for a day. Default 1.61.</summary>
    public double Unit { get; set; } = 1.61;

    /// <summary>The least units that are paid for, however few connect: those that were provisioned. Default 1.</summary>
    public double Units { get; set; } = 1;

    /// <summary>The connections of a unit. More than 0; default 1,000.</summary>
    public double UnitConnections { get; set; } = 1_000;

    /// <summary>Messages of a unit a day at no charge, in millions. Default 1.</summary>
    public double IncludedMessages { get; set; } = 1;

    /// <summary>A million further messages. Default 1.</summary>
    public double Messages { get; set; } = 1;

    /// <summary>A GB of Log Analytics. Default 2.30.</summary>
    public double Logs { get; set; } = 2.30;

    /// <summary>GB of Log Analytics a month at no charge. Default 5.</summary>
    public double FreeLogs { get; set; } = 5;

    /// <summary>What a month costs whatever happens: alerts, the leases of the host. Default 20.93.</summary>
    public double Fixed { get; set; } = 20.93;

    /// <summary>The memory of an instance in GB. Default 2.</summary>
    public double InstanceMemory { get; set; } = 2;

    /// <summary>Executions a second that one instance carries. More than 0; default 100.</summary>
    public double InstanceThroughput { get; set; } = 100;

    /// <summary>How many connections a message to a conversation, or to those who watch a user, reaches on average. Default 10.</summary>
    public double Listeners { get; set; } = 10;

    /// <summary>Traces a second that an instance keeps. Default 0.5.</summary>
    public double Traces { get; set; } = 0.5;
}
