using Microsoft.Extensions.DependencyInjection.Extensions;
using Presence.LocalHost.Invocation.Catalog;
using Presence.LocalHost.Invocation.Http;
using Presence.LocalHost.Invocation.Timers;
using Presence.LocalHost.Invocation.Upstream;

namespace Presence.LocalHost.Invocation;

/// <summary>Puts the functions of a catalog to work.</summary>
internal static class InvocationServices
{
    /// <summary>
    /// Needs an <see cref="ISignalROutput"/> besides; a <see cref="ITimerLease"/> registered before replaces the default.
    /// </summary>
    public static IServiceCollection AddFunctions(this IServiceCollection services, FunctionCatalog catalog)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITimerLease, InProcessTimerLease>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, FunctionMethodPolicy>());
        return services
            .AddSingleton(catalog)
            .AddSingleton<FunctionOutputs>()
            .AddSingleton<FunctionRunner>()
            .AddSingleton<FunctionKey>()
            .AddSingleton<HttpFunctionEndpoint>()
            .AddSingleton<UpstreamSignature>()
            .AddSingleton<UpstreamWebhook>()
            .AddHostedService<TimerFunctions>();
    }

    /// <summary>Serves the HTTP functions and the webhook that SignalR Service posts its events to.</summary>
    public static void MapFunctions(this IEndpointRouteBuilder endpoints, string routePrefix)
    {
        endpoints.MapHttpFunctions(endpoints.ServiceProvider.GetRequiredService<FunctionCatalog>(), routePrefix);
        endpoints.MapPost(UpstreamWebhook.Path, endpoints.ServiceProvider.GetRequiredService<UpstreamWebhook>().AnswerAsync);
    }
}
