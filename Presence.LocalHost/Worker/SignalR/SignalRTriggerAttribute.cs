using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by an upstream event of SignalR Service.</summary>
public sealed class SignalRTriggerAttribute : TriggerBindingAttribute
{
    public SignalRTriggerAttribute(string hubName, string category, string @event)
        : this(hubName, category, @event, [])
    {
    }

    public SignalRTriggerAttribute(string hubName, string category, string @event, params string[] parameterNames)
    {
        HubName = hubName;
        Category = category;
        Event = @event;
        ParameterNames = parameterNames;
    }

    /// <summary>The setting that holds the connection string; the default one when null.</summary>
    public string? ConnectionStringSetting { get; set; }

    public string HubName { get; }

    public string Event { get; }

    /// <summary><c>connections</c> or <c>messages</c>.</summary>
    public string Category { get; }

    /// <summary>The parameters that the arguments of a message bind to, in order.</summary>
    public string[] ParameterNames { get; }
}
