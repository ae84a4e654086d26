using System.Security.Claims;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;
using Presence.Functions.Http;
using Presence.LocalHost.SignalR;

namespace Presence.Functions;

/// <summary>The local host's part of the hub: what the functions ask of the SignalR service, over its REST API.</summary>
public sealed partial class PresenceHub : IRealtimeService
{
    private readonly SignalRServiceClient _service;
    private readonly PresenceMetrics _metrics;

    internal PresenceHub(SignalRServiceClient service, PresenceMetrics metrics) => (_service, _metrics) = (service, metrics);

    /// <inheritdoc/>
    public ValueTask<ConnectionGrant> NegotiateAsync(
        PresenceKey caller, IReadOnlyDictionary<string, string> claims, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var negotiation = _service.Negotiate(
            Name, SignalRUserId.Of(caller), claims.Select(c => new Claim(c.Key, c.Value)), lifetime, closeOnAuthenticationExpiration: true);
        return ValueTask.FromResult(new ConnectionGrant(negotiation.Url, negotiation.AccessToken));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ConnectionExistsAsync(string connectionId, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.ConnectionExistsAsync(Name, connectionId, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<bool> UserIsConnectedAsync(PresenceKey user, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.UserExistsAsync(Name, SignalRUserId.Of(user), cancellationToken));

    /// <inheritdoc/>
    public async ValueTask SendToGroupAsync(string group, string target, object argument, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.SendToGroupAsync(
            Name, group, target, [ApiJson.ToElement(argument)], cancellationToken: cancellationToken));

    /// <inheritdoc/>
    public async ValueTask SendToGroupExceptAsync(
        string group, IReadOnlyList<string> excluded, string target, object argument, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.SendToGroupAsync(Name, group, target, [ApiJson.ToElement(argument)], excluded, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask SendToConnectionAsync(string connectionId, string target, object argument, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.SendToConnectionAsync(Name, connectionId, target, [ApiJson.ToElement(argument)], cancellationToken));

    /// <inheritdoc/>
    public async ValueTask SendToUserAsync(PresenceKey user, string target, object argument, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.SendToUserAsync(
            Name, SignalRUserId.Of(user), target, [ApiJson.ToElement(argument)], cancellationToken: cancellationToken));

    /// <inheritdoc/>
    public async ValueTask EnterGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.AddConnectionToGroupAsync(Name, connectionId, group, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask ExitGroupAsync(PresenceKey user, string group, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.RemoveUserFromGroupAsync(Name, SignalRUserId.Of(user), group, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask ExitGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.RemoveConnectionFromGroupAsync(Name, connectionId, group, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask CloseConnectionAsync(string connectionId, CancellationToken cancellationToken) =>
        await AskAsync(() => _service.CloseConnectionAsync(Name, connectionId, cancellationToken: cancellationToken));

    private Task<bool> AskAsync(Func<Task> ask) => AskAsync(async () =>
    {
        await ask();
        return true;
    });

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            var answer = await ask();
            _metrics.AskedSignalR(succeeded: true);
            return answer;
        }
        catch (SignalRServiceException e)
        {
            _metrics.AskedSignalR(succeeded: false);
            throw new RealtimeUnavailableException("The SignalR service is out of reach.", e);
        }
    }
}
