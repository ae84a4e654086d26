using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>What changes by time alone, and when.</summary>
internal static class Deadlines
{
    /// <summary>The moment from which the next activity is recorded.</summary>
    public static DateTimeOffset NextRecordAt(OnlineRecord record, PresenceOptions options) => record.RecordedAt + options.RecordWindow;

    /// <summary>When the user is offline unless something happens; never while connected.</summary>
    /// <param name="record">The user's record.</param>
    /// <param name="options">The settings.</param>
    /// <param name="patience">How much longer than usual the user may be without activity.</param>
    public static DateTimeOffset OfflineAt(OnlineRecord record, PresenceOptions options, TimeSpan patience = default) =>
        !record.Connections.Open.IsEmpty ? DateTimeOffset.MaxValue
        : record.LastClosedAt is { } closed ? closed + options.DisconnectGrace
        : record.LastActiveAt + options.OfflineAfter + patience;

    /// <summary>When the user is away unless something happens; only while connected.</summary>
    /// <inheritdoc cref="OfflineAt" path="/param"/>
    public static DateTimeOffset AwayAt(OnlineRecord record, PresenceOptions options, TimeSpan patience = default) =>
        record.Status == PresenceStatus.Away || record.Connections.Open.IsEmpty
            ? DateTimeOffset.MaxValue
            : record.LastActiveAt + options.AwayAfter + patience;

    /// <summary>
    /// When the service must be asked for the connection that has been silent longest. Not while the user is active: then it is here, with that
    /// connection or without.
    /// </summary>
    public static DateTimeOffset CheckAt(OnlineRecord record, PresenceOptions options) =>
        record.Connections.Open.IsEmpty
            ? DateTimeOffset.MaxValue
            : Later(record.Connections.Open.Min(c => c.At), record.LastActiveAt) + options.ConnectionCheckAfter;

    /// <summary>When something that was chosen ends.</summary>
    public static DateTimeOffset ChoiceEndsAt(OnlineRecord record) =>
        Earlier(record.Choice?.Until ?? DateTimeOffset.MaxValue, record.ApplicationChoice?.Until ?? DateTimeOffset.MaxValue);

    /// <summary>The earliest of these: when the sweep must look at the record.</summary>
    public static DateTimeOffset DueAt(OnlineRecord record, PresenceOptions options) =>
        Earlier(Earlier(OfflineAt(record, options), AwayAt(record, options)), Earlier(CheckAt(record, options), ChoiceEndsAt(record)));

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a >= b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a <= b ? a : b;
}
