using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>What starts a function, and which values it brings besides the trigger itself.</summary>
internal abstract record FunctionTrigger(Type ValueType)
{
    /// <summary>The names of the values that parameters can bind to.</summary>
    public abstract IReadOnlyList<string> ValueNames { get; }
}

/// <summary>A route below the prefix of host.json, and the accepted methods: empty for all.</summary>
internal sealed record HttpFunctionTrigger(RoutePattern Route, IReadOnlyList<string> Methods, AuthorizationLevel Level)
    : FunctionTrigger(typeof(HttpRequest))
{
    public override IReadOnlyList<string> ValueNames { get; } = [.. Route.Parameters.Select(parameter => parameter.Name)];
}

internal sealed record TimerFunctionTrigger(string Schedule, bool UseMonitor, bool RunOnStartup) : FunctionTrigger(typeof(TimerInfo))
{
    public override IReadOnlyList<string> ValueNames => [];
}

internal sealed record SignalRFunctionTrigger(
    string Hub, SignalRInvocationCategory Category, string Event, IReadOnlyList<string> ArgumentNames)
    : FunctionTrigger(typeof(SignalRInvocationContext))
{
    public override IReadOnlyList<string> ValueNames => ArgumentNames;
}
