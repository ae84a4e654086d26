using Presence.Core.Domain;

namespace Presence.Core.Ports;

/// <summary>
/// The last recorded activity of a user who was plainly online then. Enough to decide on the next one without reading the row, and to record
/// that one as long as the row is still the same.
/// </summary>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="LastActiveAt">The last activity that the row holds.</param>
/// <param name="IsConnected">Whether the user has a connection.</param>
/// <param name="IssuedAt">
/// When the credentials were issued that were good for this row. Those issued later are good for it too; of older ones only the row can tell.
/// </param>
/// <param name="Tag">The ETag of the row; null where it is not known.</param>
public sealed record LastRecord(
    DateTimeOffset RecordedAt, DateTimeOffset LastActiveAt, bool IsConnected, DateTimeOffset IssuedAt, string? Tag)
{
    /// <summary>
    /// The user as far as it is known by this. A connection in here counts as never heard of, so that what is computed from it is due no later
    /// than what is computed from the row.
    /// </summary>
    internal StoredUser ToStored(PresenceKey user) => new(
        user,
        new(
            new OnlineRecord
            {
                Since = RecordedAt,
                LastActiveAt = LastActiveAt,
                RecordedAt = RecordedAt,
                Status = PresenceStatus.Online,
                Connections = IsConnected ? new([new("", DateTimeOffset.MinValue)], []) : ConnectionSet.Empty,
            },
            null),
        Tag);
}
