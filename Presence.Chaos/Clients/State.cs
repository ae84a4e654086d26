using System.Text.Json;

namespace Presence.Chaos.Clients;

/// <summary>What is told of a user.</summary>
internal sealed record State(string User, string Status, long Version)
{
    public bool IsOffline => Status == "offline";

    public static State Read(JsonElement view) =>
        new(view.GetProperty("userId").GetString()!, view.GetProperty("status").GetString()!, view.GetProperty("version").GetInt64());
}
