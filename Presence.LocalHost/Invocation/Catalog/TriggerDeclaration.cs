using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Invocation.Catalog;

/// <summary>Reads a trigger from the parameter that carries it.</summary>
internal static class TriggerDeclaration
{
    public static FunctionTrigger Read(string place, string functionName, ParameterInfo parameter)
    {
        FunctionTrigger trigger = parameter.GetCustomAttribute<TriggerBindingAttribute>(inherit: false) switch
        {
            HttpTriggerAttribute http => Http(place, functionName, http),
            TimerTriggerAttribute timer => new TimerFunctionTrigger(timer.Schedule, timer.UseMonitor, timer.RunOnStartup),
            SignalRTriggerAttribute signalR => SignalR(place, signalR),
            var other => throw new FunctionDeclarationException($"{place}: {other?.GetType().Name} is not supported"),
        };
        return parameter.ParameterType == trigger.ValueType
            ? trigger
            : throw new FunctionDeclarationException(
                $"{place}: parameter '{parameter.Name}' is a {parameter.ParameterType.Name} "
                + $"where its trigger brings a {trigger.ValueType.Name}");
    }

    private static HttpFunctionTrigger Http(string place, string functionName, HttpTriggerAttribute attribute)
    {
        var route = string.IsNullOrEmpty(attribute.Route) ? functionName : attribute.Route;
        try
        {
            return new HttpFunctionTrigger(RoutePatternFactory.Parse(route), attribute.Methods ?? [], attribute.AuthLevel);
        }
        catch (RoutePatternException invalid)
        {
            throw new FunctionDeclarationException($"{place}: route '{route}' is not valid ({invalid.Message.TrimEnd('.')})");
        }
    }

    private static SignalRFunctionTrigger SignalR(string place, SignalRTriggerAttribute attribute)
    {
        RequireDefaultConnection(place, attribute.ConnectionStringSetting);
        if (string.IsNullOrEmpty(attribute.HubName) || string.IsNullOrEmpty(attribute.Event))
        {
            throw new FunctionDeclarationException($"{place}: a SignalR trigger names a hub and an event");
        }

        if (!Enum.TryParse<SignalRInvocationCategory>(attribute.Category, ignoreCase: true, out var category))
        {
            throw new FunctionDeclarationException($"{place}: category '{attribute.Category}' is neither connections nor messages");
        }

        var isConnectionEvent = attribute.Event.ToUpperInvariant() is "CONNECTED" or "DISCONNECTED";
        return category == SignalRInvocationCategory.Connections && !isConnectionEvent
            ? throw new FunctionDeclarationException($"{place}: event '{attribute.Event}' is neither connected nor disconnected")
            : new SignalRFunctionTrigger(attribute.HubName, category, attribute.Event, attribute.ParameterNames);
    }

    /// <summary>The local host puts one SignalR Service behind all functions.</summary>
    public static void RequireDefaultConnection(string place, string? setting)
    {
        if (setting is not (null or "" or SettingNames.SignalRConnectionString))
        {
            throw new FunctionDeclarationException(
                $"{place}: the only ConnectionStringSetting supported is {SettingNames.SignalRConnectionString}, not {setting}");
        }
    }
}
