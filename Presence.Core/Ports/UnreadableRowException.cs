namespace Presence.Core.Ports;

/// <summary>
/// A stored row cannot be read: changed by hand, or written by a version whose form is unknown here. Waiting does not mend it; erasing its
/// user does.
/// </summary>
public sealed class UnreadableRowException() : Exception("A stored row cannot be read.");
