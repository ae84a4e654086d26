using Aspire.Hosting.ApplicationModel;

namespace Presence.Aspire.Hosting;

/// <summary>The local host of Presence: storage, SignalR and the functions, in one process of this machine and one that it starts itself.</summary>
/// <param name="name">What it is called.</param>
/// <param name="command">What is run.</param>
/// <param name="workingDirectory">Where.</param>
public sealed class PresenceResource(string name, string command, string workingDirectory)
    : ExecutableResource(name, command, workingDirectory), IResourceWithConnectionString
{
    internal const string HttpEndpoint = "http";

    /// <summary>Where it listens.</summary>
    public EndpointReference Endpoint => new(this, HttpEndpoint);

    /// <summary>Its address: what <c>Presence.AspNetCore</c> takes if nothing else is said.</summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Url)}");
}
