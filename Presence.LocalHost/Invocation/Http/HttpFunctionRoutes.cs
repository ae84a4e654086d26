using Microsoft.AspNetCore.Routing.Patterns;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Invocation.Http;

internal static class HttpFunctionRoutes
{
    /// <summary>
    /// Serves all HTTP functions below the prefix of host.json. As on the Functions host, of several that fit a request the first by name
    /// has it, however much closer the route of another is.
    /// </summary>
    public static void MapHttpFunctions(this IEndpointRouteBuilder endpoints, FunctionCatalog catalog, string routePrefix)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<HttpFunctionEndpoint>();
        foreach (var (order, (function, trigger)) in catalog.TriggeredBy<HttpFunctionTrigger>().Index())
        {
            endpoints.Map(Full(routePrefix, trigger.Route), context => endpoint.AnswerAsync(context, function, trigger))
                .WithOrder(order)
                .WithDisplayName(function.Name)
                .WithMetadata(new FunctionMethods(trigger.Methods), trigger);
        }
    }

    private static RoutePattern Full(string prefix, RoutePattern route) =>
        RoutePatternFactory.Parse($"{prefix.Trim('/')}/{route.RawText?.TrimStart('/')}".TrimStart('/'));
}
