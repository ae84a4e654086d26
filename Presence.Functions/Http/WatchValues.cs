using Presence.Core.Domain;
using Presence.Core.Watching;

namespace Presence.Functions.Http;

/// <summary>Reads whom a connection is to watch.</summary>
internal static class WatchValues
{
    /// <summary>The largest body with one list, in bytes: so many of the longest ids, every character written as <c>\uXXXX</c>, are 386,000.</summary>
    public const int MaxBytes = 393_216;

    private const string ConnectionField = "connectionId";

    /// <summary>The connection of <c>?connectionId=</c>.</summary>
    /// <exception cref="InvalidInputException">It is not there, or more than once.</exception>
    public static string ConnectionId(HttpRequest request) => Named(RequestValues.Once(request, ConnectionField));

    /// <summary>A whole list.</summary>
    /// <exception cref="InvalidInputException">Too many, or one that is no id.</exception>
    public static (string ConnectionId, WatchListChange Change) Replacement(WatchesRequest body) =>
        (Named(body.ConnectionId), new(RequestValues.Ids(body.Ids, "ids"), Removed: null));

    /// <summary>A change of a list.</summary>
    /// <exception cref="InvalidInputException">Too many, or one that is no id, or is in both.</exception>
    public static (string ConnectionId, WatchListChange Change) Change(WatchesChangeRequest body)
    {
        var (add, remove) = (RequestValues.Ids(body.Add ?? [], "add"), RequestValues.Ids(body.Remove ?? [], "remove"));
        return add.Intersect(remove).Any()
            ? throw new InvalidInputException("remove", "must not name a user whom add names")
            : (Named(body.ConnectionId), new(add, remove));
    }

    private static string Named(string connectionId) =>
        connectionId.Length > 0 ? connectionId : throw new InvalidInputException(ConnectionField, "must name a connection of the caller");
}
