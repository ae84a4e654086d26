using Presence.Core.Domain;

namespace Presence.Core.Watching;

/// <summary>The list of users whom a connection watches, and how those asked about are.</summary>
/// <param name="ConnectionId">Which connection.</param>
/// <param name="Watching">How many it watches.</param>
/// <param name="Reading">Those that were added, or all, or what has changed of them.</param>
public sealed record WatchReading(string ConnectionId, int Watching, PresenceReading Reading);
