namespace Presence.Core.Engine;

/// <summary>A change that is stored, while what it owes is being done.</summary>
/// <param name="Change">What the event did.</param>
/// <param name="Delivered">Ends, without an error and within 2 s, or 8 s for a new connection, when what it owes is done or left to the sweep.</param>
/// <param name="Tag">The ETag of the user's row after it, where that is known.</param>
internal sealed record CommittedChange(Change Change, Task Delivered, string? Tag = null);
