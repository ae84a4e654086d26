using Microsoft.Extensions.DependencyInjection;
using Presence.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts it into the pipeline.</summary>
public static class PresenceMiddlewareExtensions
{
    /// <summary>
    /// Records each authenticated request as activity of its user. Stands after authentication; what is not authenticated where it stands is not
    /// recorded, nor what says <c>Presence-Activity: passive</c>.
    /// </summary>
    public static IApplicationBuilder UsePresence(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.ApplicationServices.GetService<PresenceActivity>() is null
            ? throw new InvalidOperationException("Presence is not added: call builder.Services.AddPresence(…) before app.UsePresence().")
            : app.UseMiddleware<PresenceMiddleware>();
    }
}
