namespace Microsoft.Azure.Functions.Worker;

/// <summary>One of several SignalR Service instances behind an application.</summary>
public sealed class SignalREndpoint
{
    public SignalREndpointType EndpointType { get; set; }

    public string Name { get; set; } = null!;

    public string Endpoint { get; set; } = null!;

    public bool Online { get; set; }
}
