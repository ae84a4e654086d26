using System.Text.Json;

namespace Presence.Chaos.Clients;

/// <summary>An event as the feed told it, or as a webhook was sent it.</summary>
/// <param name="Id">By which a double is known.</param>
/// <param name="Type">What it tells.</param>
/// <param name="State">How its user is since then.</param>
internal sealed record ToldEvent(string Id, string Type, State State)
{
    public static ToldEvent Read(JsonElement told) =>
        new(told.GetProperty("id").GetString()!, told.GetProperty("type").GetString()!, State.Read(told.GetProperty("data")));
}
