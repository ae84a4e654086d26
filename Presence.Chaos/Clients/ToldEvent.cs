namespace Presence.Chaos.Clients;

/// <summary>An event as the feed told it.</summary>
/// <param name="Id">By which a double is known.</param>
/// <param name="Type">What it tells.</param>
/// <param name="State">How its user is since then.</param>
internal sealed record ToldEvent(string Id, string Type, State State);
