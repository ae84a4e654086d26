using System.Reflection;

namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>A function as its declaration describes it.</summary>
internal sealed record FunctionDefinition(
    string Name,
    MethodInfo Method,
    FunctionTrigger Trigger,
    IReadOnlyList<ParameterBinding> Parameters,
    FunctionResult Result);
