using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;
using Presence.Functions;

namespace Presence.Tests.Functions.Http;

/// <summary>The HTTP functions as they are declared, in the order of their names, in which the Functions host asks them.</summary>
internal static class DeclaredFunctions
{
    public static IReadOnlyList<DeclaredFunction> All { get; } =
    [
        .. from method in typeof(UnservedFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           orderby function.Name.ToUpperInvariant()
           select new DeclaredFunction(
               function.Name, trigger.Route!, [.. (trigger.Methods ?? []).Select(m => m.ToUpperInvariant())], trigger.AuthLevel),
    ];

    public static IReadOnlyList<DeclaredFunction> WithMethods { get; } = [.. All.Where(f => f.Methods.Count > 0)];
}

/// <summary>One of them.</summary>
internal sealed partial record DeclaredFunction(string Name, string Route, IReadOnlyList<string> Methods, AuthorizationLevel Level)
{
    /// <summary>Its path with this text for every id.</summary>
    public string PathWith(string id) => Parameter().Replace(Route, id);

    /// <summary>The names of the parameters in its route.</summary>
    public IReadOnlyList<string> RouteParameters => [.. Parameter().Matches(Route).Select(match => match.Value.Trim('{', '}'))];

    public bool Fits(string path) => new TemplateMatcher(TemplateParser.Parse(Route), []).TryMatch("/" + path, []);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
