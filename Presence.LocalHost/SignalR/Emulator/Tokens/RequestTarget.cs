using Microsoft.AspNetCore.Http.Features;

namespace Presence.LocalHost.SignalR;

/// <summary>
/// The decoded path segments of a request as they came over the wire. ASP.NET Core's own path is no use for ids: it keeps %2F
/// but decodes %25, so that "a%2Fb" and "a%252Fb" look alike, and it resolves dot segments.
/// </summary>
internal static class RequestTarget
{
    public static string[] Segments(HttpContext context) =>
        Segments(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);

    public static string[] Segments(string target)
    {
        var path = target.Split('?', 2)[0].Trim('/');
        return path.Length == 0 ? [] : [.. path.Split('/').Select(Uri.UnescapeDataString)];
    }
}
