using System.Globalization;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>A JSON answer.</summary>
internal sealed class ApiResult(int status, object? body) : IResult
{
    /// <summary>What pages of other origins may read, where an answer has it. <c>Date</c> the server adds to all: by it clients set their clocks right.</summary>
    private static readonly string[] ForPages = [HeaderNames.Allow, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, RequestValues.TokenHeader];

    /// <summary>How long to wait before trying again, in seconds: the header <c>Retry-After</c>, and a field of a failure.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The code of a failure; null for a success.</summary>
    public string? Code => (body as Failure)?.Code;

    /// <summary>The methods of the route: the header <c>Allow</c>.</summary>
    private IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>The header <c>Presence-Token</c>.</summary>
    private string? Token { get; init; }

    /// <summary>What a body may be encoded by: the header <c>Accept-Encoding</c>.</summary>
    private string? AcceptEncoding { get; init; }

    /// <summary>A success.</summary>
    /// <param name="data">What was asked for.</param>
    /// <param name="token">The throttle token that the caller is to bring next time; null for none.</param>
    public static ApiResult Ok(object? data, string? token = null) => new(StatusCodes.Status200OK, new Success(data)) { Token = token };

    /// <summary>What the caller has is what there is: no body.</summary>
    /// <param name="token">The throttle token that the caller is to bring next time; null for none.</param>
    public static ApiResult NotModified(string? token = null) => new(StatusCodes.Status304NotModified, body: null) { Token = token };

    /// <summary>An answer whose shape others define: no envelope.</summary>
    public static ApiResult Plain(object body, int status = StatusCodes.Status200OK) => new(status, body);

    public static ApiResult Fail(int status, string error, string code) => new(status, new Failure(error, code));

    public static ApiResult InvalidInput(InvalidInputException input) =>
        Fail(StatusCodes.Status400BadRequest, input.Message + ".", "invalid_input");

    public static ApiResult UnsupportedContent(UnsupportedContentException content) =>
        new(StatusCodes.Status415UnsupportedMediaType, new Failure(content.Message + ".", content.Code)) { AcceptEncoding = content.AcceptEncoding };

    /// <summary>What a route answers to, without a body.</summary>
    public static ApiResult Options(IReadOnlyList<string> methods) => new(StatusCodes.Status204NoContent, body: null) { Allow = methods };

    public static ApiResult MethodNotAllowed(IReadOnlyList<string> methods) =>
        new(StatusCodes.Status405MethodNotAllowed, new Failure($"This route answers to {string.Join(", ", methods)}.", "method_not_allowed"))
        {
            Allow = methods,
        };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        SetHeaders(response.Headers);
        if (Body is not { } content)
        {
            return;
        }

        // Written at once with its length: an answer half-written looks like a success to some clients.
        var bytes = JsonSerializer.SerializeToUtf8Bytes(content, ApiJson.Default.Options.GetTypeInfo(content.GetType()));
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    private object? Body => body is Failure failure ? failure with { RetryAfterSeconds = RetryAfterSeconds } : body;

    private void SetHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        if (status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        if (RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (Token is not null)
        {
            headers[RequestValues.TokenHeader] = Token;
        }

        if (Allow.Count > 0)
        {
            headers.Allow = string.Join(", ", Allow.Append(HttpMethods.Options));
        }

        if (AcceptEncoding is not null)
        {
            headers.AcceptEncoding = AcceptEncoding;
        }

        // Pages of other origins see few headers. Those who let pages in, in Azure and locally, name none; what is named here they leave.
        headers.AccessControlExposeHeaders = string.Join(", ", ForPages.Where(headers.ContainsKey).Append(HeaderNames.Date));
    }
}
