using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Sends what a function returned to SignalR Service: message actions and group actions, one or many.</summary>
public sealed class SignalROutputAttribute : OutputBindingAttribute
{
    /// <summary>The setting that holds the connection string; the default one when null.</summary>
    public string? ConnectionStringSetting { get; set; }

    public string? HubName { get; set; }
}
