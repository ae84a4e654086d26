using System.Globalization;

namespace Presence.LocalHost.SignalR;

/// <summary>What the REST API answers; errors carry a code in the header that the SDKs read and a body that says what is wrong.</summary>
internal sealed record RestAnswer(int Status, string? Code = null, string? Message = null)
{
    public static readonly RestAnswer Ok = new(StatusCodes.Status200OK);
    public static readonly RestAnswer Accepted = new(StatusCodes.Status202Accepted);
    public static readonly RestAnswer NoContent = new(StatusCodes.Status204NoContent);

    public static readonly RestAnswer Unauthorized = new(
        StatusCodes.Status401Unauthorized,
        "Unauthorized",
        "The bearer token is missing, expired, made for another address or signed with another key.");

    public static RestAnswer BadRequest(string message) => new(StatusCodes.Status400BadRequest, "BadRequest", message);

    public static RestAnswer NotFound(string code, string message) => new(StatusCodes.Status404NotFound, code, message);

    /// <summary>The service cannot or will not carry it out now.</summary>
    public static RestAnswer Refused(int status, TimeSpan? retryAfter) =>
        new(status, "Refused", "The service refuses this call.") { RetryAfter = retryAfter };

    /// <summary>When the caller is told to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (RetryAfter is { } later)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(later.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (Code is null)
        {
            return;
        }

        context.Response.Headers["x-ms-error-code"] = Code;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsJsonAsync(new { code = Code, message = Message }, context.RequestAborted);
        }
    }
}
