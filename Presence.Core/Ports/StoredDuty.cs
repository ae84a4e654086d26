using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>What a change owes others, as kept with the change until it is done.</summary>
/// <param name="User">Whose change it was.</param>
/// <param name="Id">The id of the write that made it.</param>
/// <param name="Duty">What is owed.</param>
/// <param name="DueAt">From when the sweep does it, if whoever made the change has not.</param>
/// <param name="Tag">The ETag of its row, as the sweep found it; null where it was not found but made.</param>
public sealed record StoredDuty(PresenceKey User, string Id, Duty Duty, DateTimeOffset DueAt, string? Tag = null);
