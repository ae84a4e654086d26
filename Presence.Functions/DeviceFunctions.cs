using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Ports;
using Presence.Core.Rules;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>Shows users where they are connected, and lets them sign out there.</summary>
public sealed class DeviceFunctions(ApiPipeline pipeline, IPresenceStore store, PresenceEngine engine)
{
    private const string Route = "api/presence/me/connections/{connectionId}";

    [Function(nameof(GetConnections))]
    public Task<ApiOutput> GetConnections(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/presence/me/connections")] HttpRequest request,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request, async (call, _) => ToAnswer((await store.LoadAsync(call.Caller, cancellationToken)).Records), cancellationToken);

    [Function(nameof(ChangeConnection))]
    public Task<ApiOutput> ChangeConnection(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Route)] HttpRequest request,
        string connectionId,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) =>
            {
                var body = await RequestBody.ReadAsync(request, ApiJson.Default.DeviceRequest, cancellationToken);
                var device = Device.Parse(id: null, body.Device, body.Foreground);
                return await ApplyAsync(call, connectionId, new PresenceEvent.DeviceChanged(connectionId, device?.Kind, device?.IsForeground, call.Credentials.IssuedAt), cancellationToken);
            },
            cancellationToken);

    [Function(nameof(SignOutConnection))]
    public Task<ApiOutput> SignOutConnection(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Route)] HttpRequest request,
        string connectionId,
        CancellationToken cancellationToken) =>
        pipeline.ForCallerAsync(
            request,
            async (call, _) =>
            {
                await RequestBody.ReadAsync(request, ApiJson.Default.NoFields, cancellationToken);
                return await ApplyAsync(call, connectionId, new PresenceEvent.DeviceSignedOut(connectionId, call.Credentials.IssuedAt), cancellationToken);
            },
            cancellationToken);

    private static ConnectionsAnswer ToAnswer(UserRecords records) => new(
    [
        .. records.Connections.Open.Select(c => new ConnectionAnswer(c.Id, c.Device?.Kind, c.Device?.Id, c.Device?.IsForeground, c.At)),
    ]);

    private async Task<object?> ApplyAsync(ApiCall call, string connectionId, PresenceEvent happened, CancellationToken cancellationToken)
    {
        var change = await engine.ApplyAsync(call.Caller, happened, cancellationToken);
        return change.Outcome == Outcome.Stale ? throw new SignedOutException()
            : change.Before.Connections.IsOpen(connectionId)
                ? ToAnswer(change.After)
            : ApiResult.Fail(StatusCodes.Status404NotFound, "The caller has no such connection.", "not_found");
    }
}
