namespace Presence.Core.Metrics;

/// <summary>What starts a function, as metrics name it: those of one kind share instances.</summary>
internal static class ExecutionTrigger
{
    /// <summary>A call, or an event of a connection.</summary>
    public const string Call = "call";

    /// <summary>A timer.</summary>
    public const string Timer = "timer";
}
