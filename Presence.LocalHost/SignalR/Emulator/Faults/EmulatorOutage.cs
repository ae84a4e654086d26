namespace Presence.LocalHost.SignalR;

/// <summary>While it lasts the emulator takes no call and lets no client in, as if there were no service. It ends by itself.</summary>
internal sealed class EmulatorOutage(TimeProvider time) : IMiddleware
{
    private DateTimeOffset _until;

    public void LastFor(TimeSpan duration) => _until = time.GetUtcNow() + duration;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (time.GetUtcNow() < _until)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        await next(context);
    }
}
