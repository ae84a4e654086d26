using Microsoft.AspNetCore.WebUtilities;

namespace Presence.LocalHost.SignalR;

/// <summary>
/// Whether a token was made for this request. The audience is the request's address; the query (but for the hub of a client),
/// trailing slashes, percent-encoding and the case of the hub name make no difference.
/// </summary>
internal static class TokenAudience
{
    private const int HubSegment = 2;

    public static bool IsClient(string audience, HttpContext context, string hub) =>
        Split(audience, context) is var (segments, query)
        && segments is ["client"]
        && string.Equals(QueryHelpers.ParseQuery(query)["hub"], hub, StringComparison.OrdinalIgnoreCase);

    public static bool IsRest(string audience, HttpContext context, IReadOnlyList<string> requested)
    {
        if (Split(audience, context) is not var (segments, _) || segments.Length != requested.Count)
        {
            return false;
        }

        return segments.Zip(requested).Index().All(pair => string.Equals(
            pair.Item.First,
            pair.Item.Second,
            pair.Index == HubSegment ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));
    }

    private static (string[] Segments, string Query)? Split(string audience, HttpContext context)
    {
        if (!Uri.TryCreate(audience, UriKind.Absolute, out var address) || !IsThisService(address, context))
        {
            return null;
        }

        // Not Uri's path, which has dot segments resolved.
        var path = audience.IndexOf('/', audience.IndexOf("//", StringComparison.Ordinal) + 2);
        return path < 0 ? null : (RequestTarget.Segments(audience[path..]), address.Query);
    }

    // Under whatever name it was called, such as localhost for 127.0.0.1. The service's own SDKs leave the port out.
    private static bool IsThisService(Uri address, HttpContext context) =>
        (address.IsLoopback || string.Equals(address.Host, context.Request.Host.Host, StringComparison.OrdinalIgnoreCase))
        && (address.IsDefaultPort || address.Port == context.Connection.LocalPort);
}
