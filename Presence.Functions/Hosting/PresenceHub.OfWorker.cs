using System.Security.Claims;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker.SignalRService;
using Microsoft.Azure.SignalR.Common;
using Microsoft.Azure.SignalR.Management;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>The Functions host's part of the hub: what the functions ask of the SignalR service, over its management SDK.</summary>
public sealed partial class PresenceHub(IServiceProvider services, PresenceMetrics metrics) : ServerlessHub(services), IRealtimeService
{
    /// <inheritdoc/>
    public async ValueTask<ConnectionGrant> NegotiateAsync(
        PresenceKey caller, IReadOnlyDictionary<string, string> claims, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(() => NegotiateAsync(new NegotiationOptions
        {
            UserId = SignalRUserId.Of(caller),
            Claims = [.. claims.Select(c => new Claim(c.Key, c.Value))],
            TokenLifetime = lifetime,
            CloseOnAuthenticationExpiration = true,
        }), cancellationToken);
        using var json = JsonDocument.Parse(answer);
        return new(json.RootElement.GetProperty("url").GetString()!, json.RootElement.GetProperty("accessToken").GetString()!);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ConnectionExistsAsync(string connectionId, CancellationToken cancellationToken) =>
        await AskAsync(() => ClientManager.ConnectionExistsAsync(connectionId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> UserIsConnectedAsync(PresenceKey user, CancellationToken cancellationToken) =>
        await AskAsync(() => ClientManager.UserExistsAsync(SignalRUserId.Of(user), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SendToGroupAsync(string group, string target, object argument, CancellationToken cancellationToken) =>
        await AskAsync(() => Clients.Group(group).SendCoreAsync(target, [ApiJson.ToElement(argument)], cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SendToGroupExceptAsync(
        string group, IReadOnlyList<string> excluded, string target, object argument, CancellationToken cancellationToken) => await AskAsync(
        () => Clients.GroupExcept(group, excluded).SendCoreAsync(target, [ApiJson.ToElement(argument)], cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SendToConnectionAsync(
        string connectionId, string target, object argument, CancellationToken cancellationToken) =>
        await AskAsync(() => Clients.Client(connectionId).SendCoreAsync(target, [ApiJson.ToElement(argument)], cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SendToUserAsync(PresenceKey user, string target, object argument, CancellationToken cancellationToken) => await AskAsync(
        () => Clients.User(SignalRUserId.Of(user)).SendCoreAsync(target, [ApiJson.ToElement(argument)], cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask EnterGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        await AskAsync(() => Groups.AddToGroupAsync(connectionId, group, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ExitGroupAsync(PresenceKey user, string group, CancellationToken cancellationToken) =>
        await AskAsync(() => UserGroups.RemoveFromGroupAsync(SignalRUserId.Of(user), group, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ExitGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        await AskAsync(() => Groups.RemoveFromGroupAsync(connectionId, group, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask CloseConnectionAsync(string connectionId, CancellationToken cancellationToken) =>
        await AskAsync(() => ClientManager.CloseConnectionAsync(connectionId, cancellationToken: cancellationToken), cancellationToken);

    private Task<bool> AskAsync(Func<Task> ask, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            try
            {
                await ask();
            }
            catch (AzureSignalRInaccessibleEndpointException)
            {
                // What the SDK makes of 404: nobody of whom this was asked is there.
            }

            return true;
        },
        cancellationToken);

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask();
            metrics.AskedSignalR(succeeded: true);
            return answer;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.AskedSignalR(succeeded: false);
            throw new RealtimeUnavailableException("The SignalR service is out of reach.", e);
        }
    }
}
