using System.ComponentModel;
using System.Reflection;
using System.Text.Json;

namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>Takes the value of one parameter out of an invocation.</summary>
internal sealed class ParameterBinding
{
    private readonly Func<FunctionInvocation, object?> _read;

    private ParameterBinding(Func<FunctionInvocation, object?> read) => _read = read;

    public static ParameterBinding Create(string place, ParameterInfo parameter, ParameterInfo triggered, FunctionTrigger trigger)
    {
        // By position: while two hosts start at the same time, reflection may give one parameter as two objects.
        if (parameter.Position == triggered.Position)
        {
            return new ParameterBinding(invocation => invocation.Trigger);
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return new ParameterBinding(invocation => invocation.Cancellation);
        }

        var name = trigger.ValueNames.FirstOrDefault(value => string.Equals(value, parameter.Name, StringComparison.OrdinalIgnoreCase));
        return (name, trigger) switch
        {
            ({ } value, HttpFunctionTrigger) => FromRoute(place, parameter, value),
            ({ } value, SignalRFunctionTrigger) => FromArguments(parameter, value),
            _ => throw Unsupported(place, parameter),
        };
    }

    public object? Read(FunctionInvocation invocation) => _read(invocation);

    private static ParameterBinding FromRoute(string place, ParameterInfo parameter, string name)
    {
        if (parameter.ParameterType == typeof(string))
        {
            return new ParameterBinding(invocation => invocation.Value(name) ?? Absent(parameter));
        }

        var converter = TypeDescriptor.GetConverter(parameter.ParameterType);
        return converter.CanConvertFrom(typeof(string))
            ? new ParameterBinding(invocation => invocation.Value(name) is string text
                ? converter.ConvertFromInvariantString(text)
                : Absent(parameter))
            : throw Unsupported(place, parameter);
    }

    private static ParameterBinding FromArguments(ParameterInfo parameter, string name) =>
        new(invocation => invocation.Value(name) is JsonElement argument
            ? argument.Deserialize(parameter.ParameterType, JsonSerializerOptions.Web)
            : Absent(parameter));

    private static object? Absent(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? parameter.DefaultValue
        : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType)
        : null;

    private static FunctionDeclarationException Unsupported(string place, ParameterInfo parameter) =>
        new($"{place}: parameter '{parameter.Name}' of type {parameter.ParameterType.Name} cannot be bound");
}
