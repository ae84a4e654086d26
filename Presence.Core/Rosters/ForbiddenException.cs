namespace Presence.Core.Rosters;

/// <summary>The caller may not see this. Says the same of what exists and what does not, so that nothing can be probed.</summary>
public sealed class ForbiddenException(string message) : Exception(message);
