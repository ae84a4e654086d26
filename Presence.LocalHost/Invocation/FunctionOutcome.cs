namespace Presence.LocalHost.Invocation;

/// <summary>How an invocation ended: with a result or with the failure that has been logged.</summary>
internal readonly record struct FunctionOutcome(object? Result, Exception? Failure)
{
    public bool Succeeded => Failure is null;
}
