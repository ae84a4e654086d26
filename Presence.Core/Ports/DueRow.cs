namespace Presence.Core.Ports;

/// <summary>What a sweep finds: exactly one of the two.</summary>
/// <param name="User">A user whom time alone may have changed.</param>
/// <param name="Duty">A duty that whoever made the change has not done.</param>
public readonly record struct DueRow(StoredUser? User, StoredDuty? Duty);
