using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Presence.AspNetCore;

/// <summary>Records who made a request. The request neither waits for that nor fails by it.</summary>
internal sealed partial class PresenceMiddleware(
    RequestDelegate next, PresenceActivity activity, IOptions<PresenceActivityOptions> options, ILogger<PresenceMiddleware> logger)
{
    private readonly RequestUser _user = new(options.Value);
    private int _failures;

    public Task InvokeAsync(HttpContext context)
    {
        Record(context);
        return next(context);
    }

    internal void Record(HttpContext context)
    {
        try
        {
            if (_user.Of(context) is { } id)
            {
                activity.Record(id);
            }
        }
        catch (Exception e)
        {
            // Somebody else's code says who it is. It is told of once: it would fail with each request.
            if (Interlocked.Increment(ref _failures) == 1)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(EventName = "UserNotFound", Level = LogLevel.Error,
        Message = "Who made a request could not be found out; such requests are not recorded. Said once.")]
    private partial void LogFailed(Exception exception);
}
