using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>Reads one function from its method.</summary>
internal static partial class FunctionDeclaration
{
    /// <exception cref="FunctionDeclarationException">The Functions host would not run this function.</exception>
    public static FunctionDefinition Read(string name, MethodInfo method)
    {
        var place = $"function '{name}' ({method.DeclaringType?.Name}.{method.Name})";
        if (!ValidName().IsMatch(name))
        {
            throw new FunctionDeclarationException($"{place}: a name is a letter and up to 127 letters, digits, - and _");
        }

        // The worker's generators look at public methods of public classes only; others are silently no functions.
        if (!method.IsPublic || method.DeclaringType is not { IsVisible: true })
        {
            throw new FunctionDeclarationException($"{place}: method and class must be public, or the Functions host does not find it");
        }

        if (method.IsGenericMethodDefinition || method.DeclaringType is { IsGenericTypeDefinition: true })
        {
            throw new FunctionDeclarationException($"{place}: neither method nor class can be generic");
        }

        var triggers = method.GetParameters()
            .Where(parameter => parameter.IsDefined(typeof(TriggerBindingAttribute), inherit: false))
            .ToArray();
        if (triggers is not [var triggered])
        {
            throw new FunctionDeclarationException($"{place}: it has {triggers.Length} triggers instead of one");
        }

        var trigger = TriggerDeclaration.Read(place, name, triggered);
        return new FunctionDefinition(
            name,
            method,
            trigger,
            [.. method.GetParameters().Select(parameter => ParameterBinding.Create(place, parameter, triggered, trigger))],
            ResultDeclaration.Read(place, method, trigger));
    }

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_-]{0,127}$")]
    private static partial Regex ValidName();
}
