namespace Presence.Chaos.Clients;

/// <summary>One piece of news that a client received.</summary>
/// <param name="Listener">Who heard it.</param>
/// <param name="State">What it said.</param>
/// <param name="At">When.</param>
/// <param name="IsAnnouncement">False for an entry of a snapshot.</param>
/// <param name="IsNew">Whether it was newer than what the client had, so that it minded it.</param>
internal sealed record Heard(string Listener, State State, DateTimeOffset At, bool IsAnnouncement, bool IsNew);
