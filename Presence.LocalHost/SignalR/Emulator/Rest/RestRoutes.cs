namespace Presence.LocalHost.SignalR;

/// <summary>The whole data-plane REST API, version 2022-06-01.</summary>
internal static class RestRoutes
{
    public const string ApiVersion = "2022-06-01";

    /// <summary>The one operation that needs no token and has no hub.</summary>
    public static readonly RestRoute Health = new(EmulatedOperation.Health, HttpMethods.Head, "api/health", _ => ValueTask.FromResult(RestAnswer.Ok));

    private const string OfHub = "api/hubs/{hub}";
    private const string OfConnection = OfHub + "/connections/{connectionId}";
    private const string OfUser = OfHub + "/users/{user}";
    private const string OfGroup = OfHub + "/groups/{group}";

    private static readonly RestRoute[] Routes =
    [
        Health,
        new(EmulatedOperation.Send, HttpMethods.Post, OfHub + "/:send", SendOperations.ToAllAsync),
        new(EmulatedOperation.Send, HttpMethods.Post, OfUser + "/:send", SendOperations.ToUserAsync),
        new(EmulatedOperation.Send, HttpMethods.Post, OfGroup + "/:send", SendOperations.ToGroupAsync),
        new(EmulatedOperation.Send, HttpMethods.Post, OfConnection + "/:send", SendOperations.ToConnectionAsync),
        new(EmulatedOperation.EnterGroup, HttpMethods.Put, OfGroup + "/connections/{connectionId}", GroupOperations.AddConnection),
        new(EmulatedOperation.ExitGroup, HttpMethods.Delete, OfGroup + "/connections/{connectionId}", GroupOperations.RemoveConnection),
        new(EmulatedOperation.ExitGroup, HttpMethods.Delete, OfConnection + "/groups", GroupOperations.RemoveConnectionFromAll),
        new(EmulatedOperation.EnterGroup, HttpMethods.Put, OfUser + "/groups/{group}", GroupOperations.AddUser),
        new(EmulatedOperation.ExitGroup, HttpMethods.Delete, OfUser + "/groups/{group}", GroupOperations.RemoveUser),
        new(EmulatedOperation.ExitGroup, HttpMethods.Delete, OfUser + "/groups", GroupOperations.RemoveUserFromAll),
        new(EmulatedOperation.Exists, HttpMethods.Head, OfConnection, ExistenceOperations.OfConnection),
        new(EmulatedOperation.Exists, HttpMethods.Head, OfUser, ExistenceOperations.OfUser),
        new(EmulatedOperation.Exists, HttpMethods.Head, OfGroup, ExistenceOperations.OfGroup),
        new(EmulatedOperation.Exists, HttpMethods.Head, OfUser + "/groups/{group}", ExistenceOperations.OfUserInGroup),
        new(EmulatedOperation.Close, HttpMethods.Delete, OfConnection, CloseOperations.One),
        new(EmulatedOperation.Close, HttpMethods.Post, OfHub + "/:closeConnections", CloseOperations.All),
        new(EmulatedOperation.Close, HttpMethods.Post, OfUser + "/:closeConnections", CloseOperations.OfUser),
        new(EmulatedOperation.Close, HttpMethods.Post, OfGroup + "/:closeConnections", CloseOperations.OfGroup),
    ];

    /// <summary>Every operation on this path, with the ids in it.</summary>
    public static IEnumerable<(RestRoute Route, IReadOnlyDictionary<string, string> Ids)> At(IReadOnlyList<string> segments) =>
        from route in Routes
        let ids = route.Match(segments)
        where ids is not null
        select (route, ids);
}
