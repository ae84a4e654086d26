using Aspire.Hosting.ApplicationModel;
using Presence.Aspire.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds Presence to an AppHost.</summary>
public static class PresenceHosting
{
    /// <summary>Names the project in the environment of the AppHost, where it is not given.</summary>
    public const string ProjectSetting = "PRESENCE_LOCAL_HOST";

    /// <summary>
    /// Adds the local host, with an endpoint <c>http</c> and a health check that waits for its storage and SignalR. It wants the .NET SDK and Node.js,
    /// and no container. Whoever references it gets its address as connection string.
    /// </summary>
    /// <param name="builder">Where.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="projectPath">
    /// The folder or project file of <c>Presence.LocalHost</c>, relative to the AppHost. Null takes what the setting <c>PRESENCE_LOCAL_HOST</c> names,
    /// or else looks for a folder of that name beside the AppHost and above.
    /// </param>
    /// <param name="port">Its port; null for any that is free.</param>
    /// <exception cref="DistributedApplicationException">There is no such project.</exception>
    public static IResourceBuilder<PresenceResource> AddPresence(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string? projectPath = null, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var project = LocalHostProject.Find(builder.AppHostDirectory, projectPath ?? builder.Configuration[ProjectSetting]);
        var resource = new PresenceResource(name, "dotnet", builder.AppHostDirectory);

        return builder.AddResource(resource)
            .WithHttpEndpoint(port: port, name: PresenceResource.HttpEndpoint)
            .WithArgs(context =>
            {
                string[] run = ["run", "--project", project, "--no-launch-profile", "--", "--urls"];
                Array.ForEach(run, context.Args.Add);
                context.Args.Add(ReferenceExpression.Create($"http://127.0.0.1:{resource.Endpoint.Property(EndpointProperty.TargetPort)}"));
            })
            .WithHttpHealthCheck("/health/ready", endpointName: PresenceResource.HttpEndpoint)
            .ExcludeFromManifest();
    }

    /// <summary>A setting of the section <c>Presence</c>: <c>WithSetting("OfflineAfter", "00:00:30")</c>.</summary>
    public static IResourceBuilder<PresenceResource> WithSetting(this IResourceBuilder<PresenceResource> builder, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.WithEnvironment("Presence__" + name.Replace(":", "__", StringComparison.Ordinal), value);
    }

    /// <summary>The key without which the routes of the backend refuse.</summary>
    public static IResourceBuilder<PresenceResource> WithFunctionKey(
        this IResourceBuilder<PresenceResource> builder, IResourceBuilder<ParameterResource> key)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEnvironment("LocalHost__FunctionKey", key);
    }

    /// <summary>Keeps the storage in a directory, relative to the AppHost; without it all is gone when it stops.</summary>
    public static IResourceBuilder<PresenceResource> WithDataDirectory(this IResourceBuilder<PresenceResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithArgs("--data", Path.GetFullPath(path, builder.ApplicationBuilder.AppHostDirectory));
    }
}
