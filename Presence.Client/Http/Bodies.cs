using System.Text.Json;

namespace Presence.Client.Http;

internal sealed record PresenceBody(IReadOnlyCollection<string> Ids, string? Since);

internal sealed record WatchesBody(string ConnectionId, IReadOnlyCollection<string> Ids);

internal sealed record WatchesChangeBody(string ConnectionId, IReadOnlyCollection<string>? Add, IReadOnlyCollection<string>? Remove);

internal sealed record StateBody(JsonElement State, string? Ttl);

internal sealed record UserStatusBody(string UserId, bool IsOnline);

internal sealed record BanBody(string Until);

internal sealed record WebhookReplayBody(string? After);
