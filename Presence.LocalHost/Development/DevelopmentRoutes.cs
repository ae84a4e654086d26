using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Development;

/// <summary>
/// What is under <c>/dev</c>: for programs and pages of this machine. Whoever can reach this host over a network, and pages of other
/// origins, must not be handed credentials.
/// </summary>
internal static class DevelopmentRoutes
{
    public static RouteGroupBuilder Map(IEndpointRouteBuilder routes) => routes.MapGroup("/dev")
        .RequireCors(PageOrigins.OfThisMachine.Apply)
        .AddEndpointFilter(FromHereAloneAsync);

    /// <summary>Answers others as if there were nothing.</summary>
    public static ValueTask<object?> FromHereAloneAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        FromHere.Is(context.HttpContext) ? next(context) : ValueTask.FromResult<object?>(Results.NotFound());

    /// <summary>Refuses pages of any other origin, even of this machine. Browsers name the origin of whatever may change something.</summary>
    public static ValueTask<object?> SameOriginAloneAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        return request.Headers.Origin == $"{request.Scheme}://{request.Host}"
            ? next(context)
            : ValueTask.FromResult<object?>(Results.StatusCode(StatusCodes.Status403Forbidden));
    }
}
