using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Paths = Presence.LocalHost.SignalR.SignalRRestPaths;

namespace Presence.LocalHost.SignalR;

/// <summary>
/// Azure SignalR Service in serverless mode, over its data-plane REST API (2022-06-01). Every failure is a
/// <see cref="SignalRServiceException"/>; sending to somebody who is not there is no failure.
/// </summary>
internal sealed class SignalRServiceClient(
    SignalRConnectionString connection, HttpClient http, TimeProvider time, JsonSerializerOptions? serializerOptions = null)
{
    public static readonly TimeSpan DefaultTokenLifetime = TimeSpan.FromHours(1);

    private readonly SignalRTokens _tokens = new(connection, time);
    private readonly SignalRRestCalls _rest = new(connection, http, time);
    private readonly JsonSerializerOptions _json = serializerOptions ?? JsonSerializerOptions.Web;

    /// <summary>
    /// Where a client of the hub connects and the token it brings; without a user id it connects as nobody. The service closes the
    /// connection at the end of the token's lifetime if asked to, and else lets it outlive its token.
    /// </summary>
    public SignalRNegotiation Negotiate(
        string hub, string? userId, IEnumerable<Claim>? claims = null, TimeSpan? lifetime = null, bool closeOnAuthenticationExpiration = false)
    {
        var path = $"client/?hub={Uri.EscapeDataString(hub.ToLowerInvariant())}";
        return new(
            connection.ClientEndpoint.AbsoluteUri + path,
            _tokens.ForClient(
                connection.Audience + path, userId, claims ?? [], lifetime ?? DefaultTokenLifetime, closeOnAuthenticationExpiration));
    }

    public Task SendToAllAsync(
        string hub, string target, IReadOnlyList<object?> arguments, IEnumerable<string>? excluded = null,
        CancellationToken cancellationToken = default) =>
        SendAsync("send to all", Paths.Hub(hub), target, arguments, excluded, cancellationToken);

    public Task SendToUserAsync(
        string hub, string userId, string target, IReadOnlyList<object?> arguments, CancellationToken cancellationToken = default) =>
        SendAsync("send to a user", Paths.User(hub, userId), target, arguments, excluded: null, cancellationToken);

    public Task SendToGroupAsync(
        string hub, string group, string target, IReadOnlyList<object?> arguments, IEnumerable<string>? excluded = null,
        CancellationToken cancellationToken = default) =>
        SendAsync("send to a group", Paths.Group(hub, group), target, arguments, excluded, cancellationToken);

    public Task SendToConnectionAsync(
        string hub, string connectionId, string target, IReadOnlyList<object?> arguments, CancellationToken cancellationToken = default) =>
        SendAsync("send to a connection", Paths.Connection(hub, connectionId), target, arguments, excluded: null, cancellationToken);

    /// <summary>False when there is no such connection any more.</summary>
    public Task<bool> AddConnectionToGroupAsync(
        string hub, string connectionId, string group, CancellationToken cancellationToken = default) =>
        _rest.AskAsync("add a connection to a group", HttpMethod.Put, Paths.ConnectionInGroup(hub, connectionId, group), cancellationToken);

    /// <summary>False when the connection was not there or not in the group.</summary>
    public Task<bool> RemoveConnectionFromGroupAsync(
        string hub, string connectionId, string group, CancellationToken cancellationToken = default) =>
        _rest.AskAsync(
            "remove a connection from a group", HttpMethod.Delete, Paths.ConnectionInGroup(hub, connectionId, group), cancellationToken);

    public Task RemoveConnectionFromAllGroupsAsync(string hub, string connectionId, CancellationToken cancellationToken = default) =>
        _rest.AskAsync(
            "remove a connection from all groups", HttpMethod.Delete, $"{Paths.Connection(hub, connectionId)}/groups", cancellationToken);

    /// <summary>
    /// Puts the user's connections into the group, and later ones too while <paramref name="timeToLive"/> lasts (whole seconds;
    /// null: a year; zero: only those connected now).
    /// </summary>
    public Task AddUserToGroupAsync(
        string hub, string userId, string group, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default) =>
        _rest.CallAsync(
            "add a user to a group", HttpMethod.Put, Paths.UserInGroup(hub, userId, group),
            timeToLive is { } ttl ? $"&ttl={(int)ttl.TotalSeconds}" : "", body: null, cancellationToken);

    public Task RemoveUserFromGroupAsync(string hub, string userId, string group, CancellationToken cancellationToken = default) =>
        _rest.AskAsync("remove a user from a group", HttpMethod.Delete, Paths.UserInGroup(hub, userId, group), cancellationToken);

    public Task RemoveUserFromAllGroupsAsync(string hub, string userId, CancellationToken cancellationToken = default) =>
        _rest.AskAsync("remove a user from all groups", HttpMethod.Delete, $"{Paths.User(hub, userId)}/groups", cancellationToken);

    public Task<bool> ConnectionExistsAsync(string hub, string connectionId, CancellationToken cancellationToken = default) =>
        _rest.AskAsync("look for a connection", HttpMethod.Head, Paths.Connection(hub, connectionId), cancellationToken);

    public Task<bool> UserExistsAsync(string hub, string userId, CancellationToken cancellationToken = default) =>
        _rest.AskAsync("look for a user", HttpMethod.Head, Paths.User(hub, userId), cancellationToken);

    public Task<bool> GroupExistsAsync(string hub, string group, CancellationToken cancellationToken = default) =>
        _rest.AskAsync("look for a group", HttpMethod.Head, Paths.Group(hub, group), cancellationToken);

    public Task<bool> UserIsInGroupAsync(string hub, string userId, string group, CancellationToken cancellationToken = default) =>
        _rest.AskAsync("look for a user in a group", HttpMethod.Head, Paths.UserInGroup(hub, userId, group), cancellationToken);

    /// <summary>Closing a connection that is gone already is a success.</summary>
    public Task CloseConnectionAsync(
        string hub, string connectionId, string? reason = null, CancellationToken cancellationToken = default) =>
        _rest.AskAsync(
            "close a connection", HttpMethod.Delete, Paths.Connection(hub, connectionId), Paths.Reason(reason), cancellationToken);

    public Task CloseAllConnectionsAsync(
        string hub, IEnumerable<string>? excluded = null, string? reason = null, CancellationToken cancellationToken = default) =>
        CloseAsync("close all connections", Paths.Hub(hub), excluded, reason, cancellationToken);

    public Task CloseGroupConnectionsAsync(
        string hub, string group, IEnumerable<string>? excluded = null, string? reason = null,
        CancellationToken cancellationToken = default) =>
        CloseAsync("close the connections of a group", Paths.Group(hub, group), excluded, reason, cancellationToken);

    public Task CloseUserConnectionsAsync(
        string hub, string userId, IEnumerable<string>? excluded = null, string? reason = null,
        CancellationToken cancellationToken = default) =>
        CloseAsync("close the connections of a user", Paths.User(hub, userId), excluded, reason, cancellationToken);

    /// <summary>Returns when the service says that it is healthy.</summary>
    public Task CheckHealthAsync(CancellationToken cancellationToken = default) =>
        _rest.CallAsync("check its health", HttpMethod.Head, "api/health", query: "", body: null, cancellationToken);

    private async Task SendAsync(
        string operation, string path, string target, IReadOnlyList<object?> arguments, IEnumerable<string>? excluded,
        CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(new Message(target, arguments), options: _json);
        await _rest.SendMessageAsync(operation, $"{path}/:send", Paths.Excluded(excluded), body, cancellationToken);
    }

    private Task CloseAsync(
        string operation, string path, IEnumerable<string>? excluded, string? reason, CancellationToken cancellationToken) =>
        _rest.CallAsync(
            operation, HttpMethod.Post, $"{path}/:closeConnections", Paths.Excluded(excluded) + Paths.Reason(reason), body: null,
            cancellationToken);

    private sealed record Message(
        [property: JsonPropertyName("target")] string Target,
        [property: JsonPropertyName("arguments")] IReadOnlyList<object?> Arguments);
}
