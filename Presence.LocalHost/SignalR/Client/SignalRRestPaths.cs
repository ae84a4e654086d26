namespace Presence.LocalHost.SignalR;

/// <summary>Paths and queries of the data-plane REST API, with every id encoded.</summary>
internal static class SignalRRestPaths
{
    public static string Hub(string hub) => $"api/hubs/{Segment(hub.ToLowerInvariant())}";

    public static string Connection(string hub, string connectionId) => $"{Hub(hub)}/connections/{Segment(connectionId)}";

    public static string User(string hub, string userId) => $"{Hub(hub)}/users/{Segment(userId)}";

    public static string Group(string hub, string group) => $"{Hub(hub)}/groups/{Segment(group)}";

    public static string UserInGroup(string hub, string userId, string group) => $"{User(hub, userId)}/groups/{Segment(group)}";

    public static string ConnectionInGroup(string hub, string connectionId, string group) =>
        $"{Group(hub, group)}/connections/{Segment(connectionId)}";

    public static string Excluded(IEnumerable<string>? connectionIds) =>
        string.Concat((connectionIds ?? []).Select(id => $"&excluded={Uri.EscapeDataString(id)}"));

    public static string Reason(string? reason) => reason is null ? "" : $"&reason={Uri.EscapeDataString(reason)}";

    // A segment of only dots would otherwise mean this folder or its parent.
    private static string Segment(string value) =>
        value is "." or ".." ? value.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(value);
}
