using System.Net;
using Microsoft.Azure.Functions.Worker;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.LocalHost.Hosting;

/// <summary>
/// Keeps out what any page that is open in a browser of this machine could otherwise do here. It may call whatever answers on this machine, and most calls that
/// need no credentials without asking first. And a page may give its own name this machine's address, and is then of the same origin as this host.
/// </summary>
/// <param name="pages">Whose pages may use this host.</param>
/// <param name="isOpen">Whether this host listens elsewhere than on this machine, and so under names that it does not know.</param>
/// <param name="asksForKey">Whether functions above the anonymous level ask for a key, which a page does not have.</param>
internal sealed class ForeignPages(PageOrigins pages, bool isOpen, bool asksForKey)
{
    private const string Site = "Sec-Fetch-Site";

    /// <summary>Whether one of these addresses is reached from elsewhere.</summary>
    public static bool IsOpen(string urls) => urls.Split(';').Any(url => !IsLoopback(BindingAddress.Parse(url).Host));

    /// <summary>Answers 403 to calls by a name that is none of this host, and to those of foreign pages that would be let in without a key.</summary>
    public Task KeepOutAsync(HttpContext context, RequestDelegate next) =>
        !isOpen && !IsOwnName(context.Request.Host) ? RefuseAsync(context, "This host is not known by that name; see docs/page.md.")
        : !asksForKey && IsAboveAnonymous(context) && IsForeign(context.Request, pages) ? RefuseAsync(context, "Pages of that origin may not call this without a key; see docs/page.md.")
        : next(context);

    /// <summary>
    /// Whether a call is one of a page that is not of this machine. Browsers name the origin of a page that wants to see the answer, or may change something; of what
    /// else a page loads they say whether it is of another site.
    /// </summary>
    public static bool Made(HttpRequest request) =>
        IsForeign(request, PageOrigins.OfThisMachine) || request.Headers.Origin.Count == 0 && request.Headers[Site] == "cross-site";

    private static bool IsForeign(HttpRequest request, PageOrigins pages) => request.Headers.Origin.Any(origin => !pages.Allow(origin ?? ""));

    /// <summary>An address cannot be made to lead elsewhere than where it is, a name can.</summary>
    private bool IsOwnName(HostString host) =>
        !host.HasValue || IPAddress.TryParse(host.Host, out _) || IsLoopback(host.Host) || pages.NameHost(host.Host);

    private static bool IsAboveAnonymous(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<HttpFunctionTrigger>() is { Level: not AuthorizationLevel.Anonymous };

    /// <summary>Browsers take every name that ends so for this machine, and ask nobody.</summary>
    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);

    private static Task RefuseAsync(HttpContext context, string error)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new { success = false, error, code = "forbidden" }, context.RequestAborted);
    }
}
