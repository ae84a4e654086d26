using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>The functions of a set of classes, checked for what the Functions host would not accept either.</summary>
internal sealed class FunctionCatalog
{
    private const BindingFlags AnyMethod =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private FunctionCatalog(IReadOnlyList<FunctionDefinition> functions) => Functions = functions;

    public IReadOnlyList<FunctionDefinition> Functions { get; }

    public static FunctionCatalog Of(Assembly assembly) => Of(assembly.GetTypes());

    /// <exception cref="LocalHostStartException">Names every declaration that cannot work.</exception>
    public static FunctionCatalog Of(IEnumerable<Type> types)
    {
        var functions = new List<FunctionDefinition>();
        var problems = new List<string>();
        foreach (var method in types.SelectMany(type => type.GetMethods(AnyMethod)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
            {
                try
                {
                    functions.Add(FunctionDeclaration.Read(function.Name, method));
                }
                catch (FunctionDeclarationException declaration)
                {
                    problems.Add(declaration.Message);
                }
            }
        }

        problems.AddRange(FunctionConflicts.Find(functions));
        return problems.Count == 0
            ? new FunctionCatalog([.. functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)])
            : throw new LocalHostStartException($"The functions cannot be hosted: {string.Join("; ", problems)}.");
    }

    public IEnumerable<(FunctionDefinition Function, TTrigger Trigger)> TriggeredBy<TTrigger>()
        where TTrigger : FunctionTrigger
    {
        foreach (var function in Functions)
        {
            if (function.Trigger is TTrigger trigger)
            {
                yield return (function, trigger);
            }
        }
    }
}
