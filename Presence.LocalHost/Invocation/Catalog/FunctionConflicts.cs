using Microsoft.AspNetCore.Routing.Patterns;

namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>Finds functions that stand in each other's way.</summary>
internal static class FunctionConflicts
{
    public static IEnumerable<string> Find(IReadOnlyList<FunctionDefinition> functions)
    {
        var names = functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var group in names.Where(group => group.Count() > 1))
        {
            yield return $"{group.Count()} functions are named '{group.Key}'";
        }

        foreach (var (key, shared) in Shared(functions.SelectMany(function => Routes(function, functions))))
        {
            yield return $"functions {shared} share the route {key}";
        }

        foreach (var (key, shared) in Shared(functions.SelectMany(Events)))
        {
            yield return $"functions {shared} share the SignalR event {key}";
        }
    }

    private static IEnumerable<(string Key, string Functions)> Shared(IEnumerable<(string Key, string Function)> uses) =>
        from use in uses
        group use.Function by use.Key.ToUpperInvariant() into sharing
        let functions = sharing.Distinct().ToArray()
        where functions.Length > 1
        select (sharing.Key, string.Join(" and ", functions.Select(function => $"'{function}'")));

    // A function without methods takes all of them, and stands in the way of each other function of its route.
    private static IEnumerable<(string Key, string Function)> Routes(FunctionDefinition function, IReadOnlyList<FunctionDefinition> all)
    {
        if (function.Trigger is not HttpFunctionTrigger http)
        {
            return [];
        }

        var shape = Shape(http.Route);
        var takesAll = all.Any(other => other.Trigger is HttpFunctionTrigger { Methods: [] } trigger && Shape(trigger.Route) == shape);
        return (takesAll ? ["*"] : http.Methods).Select(method => ($"{method} {shape}", function.Name));
    }

    // What a parameter is called makes no difference to what it matches.
    private static string Shape(RoutePattern route) => string.Join('/', route.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart parameter => $"{{{(parameter.IsCatchAll ? "*" : "")}{string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content))}}}",
            RoutePatternSeparatorPart separator => separator.Content,
            _ => "",
        })))).ToUpperInvariant();

    private static IEnumerable<(string Key, string Function)> Events(FunctionDefinition function) =>
        function.Trigger is SignalRFunctionTrigger signalR
            ? [($"{signalR.Hub}/{signalR.Category}/{signalR.Event}", function.Name)]
            : [];
}
