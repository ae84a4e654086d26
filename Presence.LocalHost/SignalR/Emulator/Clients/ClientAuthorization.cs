using System.Security.Claims;

namespace Presence.LocalHost.SignalR;

/// <summary>Lets clients in whose token was made for the hub that they ask for.</summary>
internal sealed class ClientAuthorization(AccessTokens tokens) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var hub = context.Request.Query["hub"].ToString();
        if (!HubName.IsValid(hub))
        {
            await RestAnswer.BadRequest("The query must name a valid hub.").WriteAsync(context);
            return;
        }

        var identity = await tokens.ValidateAsync(
            AccessTokens.Read(context.Request, alsoFromQuery: true),
            audience => TokenAudience.IsClient(audience, context, hub));
        if (identity is null)
        {
            await RestAnswer.Unauthorized.WriteAsync(context);
            return;
        }

        context.User = new ClaimsPrincipal(identity);
        await next(context);
    }
}
