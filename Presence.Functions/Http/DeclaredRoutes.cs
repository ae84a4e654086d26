using System.Reflection;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace Presence.Functions.Http;

/// <summary>
/// The routes that the functions declare, and their methods. A function that lists no methods answers what the others leave, and is not
/// among them.
/// </summary>
internal static class DeclaredRoutes
{
    /// <summary>Ids that this system makes hold no slash.</summary>
    private const string MadeHere = "webhookId";

    private static readonly DeclaredRoute[] All =
    [
        .. from type in typeof(DeclaredRoutes).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where method.IsDefined(typeof(FunctionAttribute))
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is { Methods.Length: > 0 }
           select new DeclaredRoute(trigger.Route!, [.. trigger.Methods!.Select(m => m.ToUpperInvariant())]),
    ];

    /// <summary>The methods that a path answers to; none, if there is no such path.</summary>
    public static IReadOnlyList<string> MethodsOf(PathString path) =>
        [.. All.Where(route => route.Matches(path)).SelectMany(route => route.Methods).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The name of the id that ends the route of this method, if the path is that route but for slashes in the id, and the query takes it as well.</summary>
    public static string? IdWithSlash(PathString path, string method) =>
        All.FirstOrDefault(route => route.LastId != MadeHere && route.Answers(method) && route.MatchesWithSlashes(path) && All.Any(other => other.Answers(method) && other.IsQueryFormOf(route)))?.LastId;

    private sealed class DeclaredRoute(string route, IReadOnlyList<string> methods)
    {
        private readonly TemplateMatcher _matcher = new(TemplateParser.Parse(route), []);

        private readonly TemplateMatcher? _matcherWithSlashes =
            IdAtEnd(route) is { } id ? new(TemplateParser.Parse(route.Replace($"{{{id}}}", $"{{*{id}}}", StringComparison.Ordinal)), []) : null;

        public string Template => route;

        public IReadOnlyList<string> Methods => methods;

        public string? LastId { get; } = IdAtEnd(route);

        public bool Answers(string method) => methods.Contains(method, StringComparer.OrdinalIgnoreCase);

        /// <summary>Whether this is the same route with the last id in the query.</summary>
        public bool IsQueryFormOf(DeclaredRoute other) => other.LastId is { } id && other.Template == $"{route}/{{{id}}}";

        public bool Matches(PathString path) => _matcher.TryMatch(path, []);

        public bool MatchesWithSlashes(PathString path) =>
            _matcherWithSlashes is { } matcher && new RouteValueDictionary() is var values && matcher.TryMatch(path, values)
            && values[LastId!] is string { Length: > 0 };

        private static string? IdAtEnd(string route) => TemplateParser.Parse(route).Segments[^1].Parts is [{ IsParameter: true, Name: { } name }] ? name : null;
    }
}
