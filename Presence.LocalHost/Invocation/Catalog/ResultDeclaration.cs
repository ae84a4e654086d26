using System.Collections;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>Reads from a function's return type what becomes of its value.</summary>
internal static class ResultDeclaration
{
    public static FunctionResult Read(string place, MethodInfo method, FunctionTrigger trigger)
    {
        var type = ResultType(method.ReturnType);
        if (method.GetCustomAttribute<SignalROutputAttribute>() is { } output)
        {
            return new FunctionResult(null, [Output(place, output, type, value => value)]);
        }

        if (type == typeof(void))
        {
            return FunctionResult.None;
        }

        if (typeof(IResult).IsAssignableFrom(type))
        {
            return trigger is HttpFunctionTrigger
                ? new FunctionResult(value => (IResult)value, [])
                : throw new FunctionDeclarationException($"{place}: it returns an HTTP result without an HTTP trigger");
        }

        return MultiOutput(place, type, trigger)
            // The answer to a client's invocation; any value will do.
            ?? (trigger is SignalRFunctionTrigger { Category: SignalRInvocationCategory.Messages } ? FunctionResult.None : null)
            ?? throw new FunctionDeclarationException(
                $"{place}: it returns {type.Name}, which the Functions host does not send anywhere; an HTTP function returns an IResult");
    }

    private static FunctionResult? MultiOutput(string place, Type type, FunctionTrigger trigger)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        // Declaration order; reflection itself promises none.
        Array.Sort(properties, (left, right) => left.MetadataToken.CompareTo(right.MetadataToken));
        var responses = properties.Where(property => property.IsDefined(typeof(HttpResultAttribute))).ToArray();
        var outputs = properties
            .Select(property => (Property: property, Output: property.GetCustomAttribute<SignalROutputAttribute>()))
            .Where(declared => declared.Output is not null)
            .Select(declared => Output(place, declared.Output!, declared.Property.PropertyType, declared.Property.GetValue))
            .ToArray();
        if (responses.Length == 0 && outputs.Length == 0)
        {
            return null;
        }

        var response = Response(place, properties, responses, trigger);
        return new FunctionResult(response is null ? null : value => (IResult?)response.GetValue(value), outputs);
    }

    private static PropertyInfo? Response(string place, PropertyInfo[] properties, PropertyInfo[] responses, FunctionTrigger trigger)
    {
        if (responses.Length > 1)
        {
            throw new FunctionDeclarationException($"{place}: its result has {responses.Length} [HttpResult] properties");
        }

        if (responses.Length == 1 && trigger is not HttpFunctionTrigger)
        {
            throw new FunctionDeclarationException($"{place}: it has an [HttpResult] without an HTTP trigger");
        }

        var response = responses.SingleOrDefault();
        if (response is not null && !typeof(IResult).IsAssignableFrom(response.PropertyType))
        {
            throw new FunctionDeclarationException($"{place}: [HttpResult] property '{response.Name}' is not an IResult");
        }

        var unmarked = properties.FirstOrDefault(property =>
            typeof(IResult).IsAssignableFrom(property.PropertyType) && property != response);
        return unmarked is null
            ? response
            : throw new FunctionDeclarationException($"{place}: property '{unmarked.Name}' of its result needs [HttpResult]");
    }

    private static FunctionOutput Output(string place, SignalROutputAttribute attribute, Type type, Func<object, object?> read)
    {
        TriggerDeclaration.RequireDefaultConnection(place, attribute.ConnectionStringSetting);
        if (string.IsNullOrEmpty(attribute.HubName))
        {
            throw new FunctionDeclarationException($"{place}: [SignalROutput] needs a HubName");
        }

        return IsAction(type) || typeof(IEnumerable).IsAssignableFrom(type) && IsAction(ElementType(type))
            ? new FunctionOutput(attribute.HubName, read)
            : throw new FunctionDeclarationException(
                $"{place}: [SignalROutput] on {type.Name}, which holds neither SignalRMessageAction nor SignalRGroupAction");
    }

    private static bool IsAction(Type? type) =>
        type == typeof(SignalRMessageAction) || type == typeof(SignalRGroupAction) || type == typeof(object);

    private static Type? ElementType(Type type) =>
        type.GetInterfaces().Append(type)
            .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            ?.GetGenericArguments()[0];

    private static Type ResultType(Type returned)
    {
        if (returned == typeof(Task) || returned == typeof(ValueTask))
        {
            return typeof(void);
        }

        return returned.IsGenericType
            && (returned.GetGenericTypeDefinition() == typeof(Task<>) || returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
                ? returned.GetGenericArguments()[0]
                : returned;
    }
}
