namespace Presence.Core.Costs;

/// <summary>What is billed, of any stretch of time.</summary>
/// <param name="Executions">Function executions.</param>
/// <param name="ComputeTime">GB-seconds of function instances at work.</param>
/// <param name="TableRequests">Requests to Table Storage.</param>
/// <param name="Messages">Messages of SignalR Service, each counted once for each connection that it reaches.</param>
/// <param name="UnitDays">Units of SignalR Service, times days.</param>
/// <param name="LogBytes">Bytes stored in Log Analytics.</param>
public sealed record Usage(double Executions, double ComputeTime, double TableRequests, double Messages, double UnitDays, double LogBytes)
{
    /// <summary>Nothing.</summary>
    public static Usage None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>The sum.</summary>
    public static Usage operator +(Usage a, Usage b) => new(
        a.Executions + b.Executions, a.ComputeTime + b.ComputeTime, a.TableRequests + b.TableRequests, a.Messages + b.Messages, a.UnitDays + b.UnitDays,
        a.LogBytes + b.LogBytes);

    /// <summary>So many times as much.</summary>
    public static Usage operator *(Usage a, double times) => new(
        a.Executions * times, a.ComputeTime * times, a.TableRequests * times, a.Messages * times, a.UnitDays * times, a.LogBytes * times);
}

/// <summary>What was used on one day, UTC.</summary>
/// <param name="Day">Which.</param>
/// <param name="Seconds">How much of it was measured.</param>
/// <param name="Used">In that time.</param>
public sealed record MeasuredDay(DateOnly Day, double Seconds, Usage Used);
