namespace Presence.LocalHost.SignalR;

/// <summary>One checked call of the REST API: on which hub, with which ids and options.</summary>
internal sealed record RestCall(HttpContext Context, EmulatedHubs Hubs, IReadOnlyDictionary<string, string> Ids)
{
    public EmulatedHub Hub => Hubs.Get(HubName.Normalize(Context.Request.Query["application"], Ids[RestRoute.Hub]));

    public string ConnectionId => Ids[RestRoute.ConnectionId];

    public string User => Ids[RestRoute.User];

    public string Group => Ids[RestRoute.Group];

    public string? Reason => Context.Request.Query["reason"].FirstOrDefault();

    /// <summary>Without those that the query excludes.</summary>
    public IEnumerable<EmulatedConnection> Remaining(IEnumerable<EmulatedConnection> connections)
    {
        var excluded = Context.Request.Query["excluded"].ToHashSet(StringComparer.Ordinal);
        return connections.Where(connection => !excluded.Contains(connection.Id));
    }
}
