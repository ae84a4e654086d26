using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>
/// Ids in paths, and the same ids in queries. What stands in front of a function app decodes a path, makes slashes of <c>%2F</c> and
/// <c>\</c> and one slash of two, before the app decodes what is left of it. So an id with one of these characters would be taken for
/// another, and every route that takes an id from its path takes it from the query as well, which reaches the app as it was written.
/// </summary>
internal static class PathIds
{
    /// <summary>Where Azure's front end tells the path and query as the client wrote them.</summary>
    private const string AsWrittenHeader = "X-Waws-Unencoded-Url";

    /// <summary>Stands for the caller where a user id is written in a path.</summary>
    private const string Me = "me";

    private static readonly string[] Rewritten = ["%25", "%2F", "%5C", "\\", "//"];

    /// <summary>The id in a path.</summary>
    /// <exception cref="InvalidInputException">The id could be another one, or is given in the query as well.</exception>
    public static string FromPath(HttpRequest request, string segment, string field) =>
        request.Query.ContainsKey(field)
            ? throw new InvalidInputException(field, $"must be given once: in the path, or as ?{field}=")
            : segment.AsSpan().ContainsAny('%', '/', '\\') || IsRewritten(request) ? throw NotInPath(field) : segment;

    /// <summary>The user in a path, where <c>me</c> stands for the caller.</summary>
    /// <exception cref="InvalidInputException">It is no id, could be another one, or is given in the query as well.</exception>
    public static PresenceKey UserOrCaller(ApiCall call, string segment, string field) =>
        FromPath(call.Request, segment, field) is var id && id == Me ? call.Caller : PresenceKey.Parse(id);

    /// <summary>The id in a query.</summary>
    /// <exception cref="InvalidInputException">It is missing, or there more than once.</exception>
    public static string FromQuery(HttpRequest request, string field) =>
        request.Query.ContainsKey(field)
            ? RequestValues.Once(request, field)
            : throw new InvalidInputException(field, $"is missing: it must be given as ?{field}=");

    /// <summary>A conversation in a path. None of the characters of its id needs to be percent-encoded.</summary>
    /// <exception cref="InvalidInputException">It is none, or could be another one.</exception>
    public static string Conversation(HttpRequest request, string segment) =>
        IsRewritten(request)
            ? throw new InvalidInputException("conversationId", "cannot be told from others in a path with a percent-encoded %, / or \\")
            : ConversationId.Parse(segment);

    /// <summary>The refusal of an id that a path does not carry.</summary>
    public static InvalidInputException NotInPath(string field) =>
        new(field, $"cannot be told from others in a path when it holds %, / or \\: give it as ?{field}=");

    private static bool IsRewritten(HttpRequest request)
    {
        var path = request.Headers[AsWrittenHeader].ToString().Split('?')[0];
        return Rewritten.Any(written => path.Contains(written, StringComparison.OrdinalIgnoreCase));
    }
}
