using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>The last record of a user as a caller's token or this instance knows it.</summary>
/// <param name="Last">The record.</param>
/// <param name="Instance">Which instance knows it at first hand: the number it made up at its start.</param>
/// <param name="IsOwn">Whether that instance made the record, and did not just read it.</param>
/// <param name="IsEager">Whether the user has called earlier than it was told to since.</param>
internal sealed record KnownRecord(LastRecord Last, uint Instance, bool IsOwn, bool IsEager);
