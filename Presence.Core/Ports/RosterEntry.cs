using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>What the roster of one conversation is to say of one user.</summary>
/// <param name="User">Of whom.</param>
/// <param name="Revision">Of the user's records: of two entries, the one of the larger is the truth, whichever is written first.</param>
/// <param name="View">What it says; null where it is not to name the user.</param>
/// <param name="Replaces">The revision under which it names the user so far; null where it does not.</param>
/// <param name="IsLate">Whether somebody may have tried before: then it is looked up what it says so far.</param>
public sealed record RosterEntry(PresenceKey User, long Revision, PresenceView? View, long? Replaces = null, bool IsLate = false);
