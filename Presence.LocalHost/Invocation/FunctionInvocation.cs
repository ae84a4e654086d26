namespace Presence.LocalHost.Invocation;

/// <summary>
/// What one run of a function is given: the request, timer info or upstream event, and route values or message arguments by name.
/// </summary>
internal sealed record FunctionInvocation(object Trigger, IReadOnlyDictionary<string, object?> Values, CancellationToken Cancellation)
{
    public object? Value(string name) => Values.GetValueOrDefault(name);
}
