using System.Text;

namespace Presence.Functions.Http;

/// <summary>An answer in plain text, in a format that others define.</summary>
internal sealed class TextResult(string text, string contentType) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.ContentType = contentType;
        httpContext.Response.ContentLength = bytes.Length;
        await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
