using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Presence.LocalHost.Development;

/// <summary>
/// The page at the root: people side by side, on the JavaScript client; and one of what all users did. They take nothing from other hosts, and run no inline script.
/// </summary>
internal static class DevelopmentPage
{
    private static readonly (string Path, string Name, string ContentType)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/analytics", "analytics.html", "text/html; charset=utf-8"),
        ("/page/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/page/analytics.js", "analytics.js", "text/javascript; charset=utf-8"),
        ("/page/page.css", "page.css", "text/css; charset=utf-8"),
        ("/page/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    /// <param name="routes">Where it is mapped.</param>
    /// <param name="connected">The origins to which the page connects beside its own.</param>
    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<string> connected)
    {
        var policy = $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {string.Join(' ', connected)}; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        foreach (var (path, name, contentType) in Files)
        {
            var content = Read(name);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
            routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], (HttpContext context) =>
            {
                var headers = context.Response.Headers;
                headers.CacheControl = "no-cache";
                headers.ContentSecurityPolicy = policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                return Results.Bytes(content, contentType, entityTag: tag);
            }).AddEndpointFilter(DevelopmentRoutes.FromHereAloneAsync);
        }
    }

    private static byte[] Read(string name)
    {
        using var resource = typeof(DevelopmentPage).Assembly.GetManifestResourceStream($"Page/{name}")!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
