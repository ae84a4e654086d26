using System.Text.Json;

namespace Presence.Functions.Http;

/// <summary>A JSON answer.</summary>
internal sealed class ApiResult(int status, object body) : IResult
{
    /// <summary>The <c>Retry-After</c> header, in seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ApiResult Ok(object? data) => new(StatusCodes.Status200OK, new Success(data));

    /// <summary>An answer whose shape others define: no envelope.</summary>
    public static ApiResult Plain(object body) => new(StatusCodes.Status200OK, body);

    public static ApiResult Fail(int status, string error, string code) => new(status, new Failure(error, code));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        // Written at once with its length: an answer half-written looks like a success to some clients.
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Default.Options.GetTypeInfo(body.GetType()));
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
