using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Presence.LocalHost.SignalR;

/// <summary>Wires the emulator's own web application, which takes nothing from the configuration of the process it runs in.</summary>
internal static class EmulatorApplication
{
    private const string ClientPath = "/client";
    private const int LongestRequestLine = 64 * 1024;
    private const int LargestMessage = 1024 * 1024;

    public static WebApplication Build(SignalREmulatorOptions options, EmulatorAccessKey key, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // Room for long ids in the path and long lists of excluded connections.
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.AddSingleton(loggers).AddSingleton(options).AddSingleton(key).AddSingleton(options.TimeProvider);
        builder.Services.AddLogging().AddRoutingCore().AddCors();
        AddClients(builder.Services, options);
        AddUpstream(builder.Services, options);

        var app = builder.Build();
        app.UseCors(policy => policy.SetIsOriginAllowed(options.AllowsPagesOf).AllowCredentials().AllowAnyHeader().AllowAnyMethod());
        app.UseMiddleware<EmulatorOutage>();
        app.UseMiddleware<RestApi>();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(ClientPath),
            clients => clients.UseMiddleware<ClientAuthorization>());
        app.MapHub<EmulatorHub>(ClientPath);
        return app;
    }

    private static void AddClients(IServiceCollection services, SignalREmulatorOptions options)
    {
        services.AddSignalR(hub =>
        {
            hub.ClientTimeoutInterval = options.ClientTimeout;
            hub.KeepAliveInterval = options.ClientTimeout / 2;
            hub.MaximumReceiveMessageSize = LargestMessage;
            hub.EnableDetailedErrors = true;
        });

        // A long-polling client that stopped polling.
        services.Configure<ConnectionOptions>(connections => connections.DisconnectTimeout = options.ClientTimeout / 2);
        services.RemoveAll<IHubProtocol>().AddSingleton<IHubProtocol, ServerlessJsonProtocol>();
        services.AddSingleton<HubLifetimeManager<EmulatorHub>, ConnectionTracking>();
        services.AddSingleton<IUserIdProvider, ClientUserId>();
        services.AddSingleton<EmulatedHubs>().AddSingleton<AccessTokens>().AddSingleton<ClientAuthorization>().AddSingleton<RestApi>();
        services.AddSingleton<EmulatorOutage>();
    }

    private static void AddUpstream(IServiceCollection services, SignalREmulatorOptions options) => services
        .AddSingleton(new UpstreamTarget(options.UpstreamUrl))
        .AddSingleton<UpstreamSender>()
        .AddSingleton<FaultyUpstream>()
        .AddSingleton<UpstreamQueues>();
}
