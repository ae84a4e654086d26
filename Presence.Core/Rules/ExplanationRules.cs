using System.Collections.Immutable;
using System.Globalization;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>Says why a user is as it is, from the same records and deadlines that made it so. Of no other user, and no secret.</summary>
internal static class ExplanationRules
{
    /// <summary>The explanation.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="records">As loaded.</param>
    /// <param name="held">The last activity that this instance holds back.</param>
    /// <param name="now">The time.</param>
    /// <param name="options">The settings.</param>
    /// <param name="isForItself">Whether the user itself asks.</param>
    public static Explanation Explain(
        PresenceKey user, UserRecords records, DateTimeOffset? held, DateTimeOffset now, PresenceOptions options, bool isForItself = false)
    {
        var (online, profile) = (records.Online, records.Profile);
        var (reason, since) = online is null ? Gone(profile, records.BannedUntil(now)) : Here(online);
        var shown = records.Appearance;
        return new()
        {
            UserId = user.ToString(),
            Status = records.Status,
            Availability = shown.Availability,
            Reason = reason,
            Sentence = Sentence(reason, since, records, now, options),
            Since = since,
            Sessions = records.SessionStatus,
            LastActiveAt = online?.LastActiveAt ?? profile?.LastSeenAt,
            RecordedAt = online?.RecordedAt,
            NextRecordAt = online is null ? null : Deadlines.NextRecordAt(online, options),
            HeldBackAt = held > (online?.LastActiveAt ?? profile?.LastSeenAt ?? DateTimeOffset.MinValue) ? held : null,
            LeftAt = profile?.LeftAt,
            SignedOutAt = profile?.SignedOutAt,
            RevokedAt = records.RevokedAt,
            BannedUntil = records.BannedUntil(now),
            Connections = [.. records.Connections.Open.Select(c => new ExplainedConnection(c.Id, c.Device?.Kind, c.At, c.At + options.ConnectionCheckAfter))],
            Conversations = records.ListensTo,
            SignedOutDevices = [.. records.SignedOutDevices.Where(d => d.At > now - options.CredentialLifetime).Select(d => new ExplainedDevice(d.Id, d.At))],
            Choice = Choice.At(records.Choice, now),
            ApplicationChoice = Choice.At(records.ApplicationChoice, now),
            Visibility = Visibility(records, options, isForItself),
            Version = records.Version,
            DueAt = online?.DueAt,
            Expected = Expected(records, now, options),
        };
    }

    private static ExplainedVisibility Visibility(UserRecords records, PresenceOptions options, bool isForItself)
    {
        var (privacy, relations) = (records.Privacy, records.Relations);
        return new(
            privacy.IsHidden ? "nobody" : options.Visibility == Options.Visibility.Everybody ? "everybody" : "conversations",
            privacy.LastSeen.ToString().ToLowerInvariant(),
            isForItself ? null : relations.SeenBy.Length + relations.SeenIn.Length,
            isForItself ? null : relations.Blocks.Length + relations.BlockedConversations.Length);
    }

    private static (Reason Reason, DateTimeOffset? Since) Gone(ProfileRecord? profile, DateTimeOffset? bannedUntil) => profile switch
    {
        _ when bannedUntil is not null => (Reason.Banned, profile?.LeftAt),
        { ErasedAt: { } erased } => (Reason.Erased, erased),
        { SignedOutAt: { } signedOut } => (Reason.SignedOut, signedOut),
        { LastSeenAt: { } seen, LeftAt: { } left } => (left > seen ? Reason.ConnectionClosed : Reason.Quiet, left),
        _ => (Reason.NeverSeen, null),
    };

    private static (Reason Reason, DateTimeOffset? Since) Here(OnlineRecord online)
    {
        var sessions = AvailabilityName.Implied(online.Status);
        return online switch
        {
            { Privacy.IsHidden: true } => (Reason.Hidden, online.Disguise?.LastSeenAt),
            { Choice.Availability: ChosenAvailability.Invisible } => (Reason.Invisible, online.Disguise?.LastSeenAt),
            { Choice.Availability: not ChosenAvailability.Automatic } => (Reason.ChosenByUser, null),
            _ when Appearance.Of(online).Availability != sessions => (Reason.ChosenByApplication, null),
            { LastClosedAt: { } closed } => (Reason.Leaving, closed),
            { Status: PresenceStatus.Away } => (Reason.ConnectedOnly, online.LastActiveAt),
            _ => (Reason.Active, online.Since),
        };
    }

    private static string Sentence(Reason reason, DateTimeOffset? since, UserRecords records, DateTimeOffset now, PresenceOptions options)
    {
        var availability = AvailabilityName.Of(records.Appearance.Availability);
        return reason switch
        {
            Reason.NeverSeen => "Offline: nobody of this id was ever here, as far as is remembered.",
            Reason.Erased => $"Offline: erased at {Text(since)}. Credentials issued later bring the user back.",
            Reason.Banned => $"Offline: signed out and kept out until {Text(records.BannedUntil(now))}. Until then nothing brings the user back; the backend can lift that.",
            Reason.SignedOut =>
                $"Offline: signed out, or set offline by hand, at {Text(since)}. A newer sign-in brings the user back, or something that the user does; what reconnects by itself does not.",
            Reason.ConnectionClosed =>
                $"Offline: the last connection closed at {Text(since)}, and nothing was heard of the user within DisconnectGrace ({options.DisconnectGrace}).",
            Reason.Quiet => $"Offline: no connection, and no activity after {Text(since)} for OfflineAfter ({options.OfflineAfter}).",
            Reason.Invisible => $"Offline to all others: the user has chosen to be invisible, and is here ({StatusName.Of(records.SessionStatus)}).",
            Reason.Hidden => $"Offline to all others: the user lets nobody see it, and is here ({StatusName.Of(records.SessionStatus)}).",
            Reason.ChosenByUser => $"Shown as {availability}: the user has chosen that. Connections and activity say {StatusName.Of(records.SessionStatus)}.",
            Reason.ChosenByApplication =>
                $"Shown as {availability}: the application has chosen that. Connections and activity say {StatusName.Of(records.SessionStatus)}.",
            Reason.Leaving => $"Shown as {availability}: the last connection closed at {Text(since)}, and DisconnectGrace ({options.DisconnectGrace}) is not over.",
            Reason.Active when records.Connections.Open.IsEmpty =>
                $"Online: active at {Text(records.Online?.LastActiveAt)}, less than OfflineAfter ({options.OfflineAfter}) ago, without a connection.",
            Reason.Active => $"Online: connected, and active at {Text(records.Online?.LastActiveAt)}, less than AwayAfter ({options.AwayAfter}) ago.",
            Reason.ConnectedOnly => $"Away: connected, but not active since {Text(since)}, for AwayAfter ({options.AwayAfter}) or longer.",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "no such reason"),
        };
    }

    private static ImmutableArray<ExpectedChange> Expected(UserRecords records, DateTimeOffset now, PresenceOptions options)
    {
        List<ExpectedChange> changes = [];
        if (records.Online is { } online)
        {
            Add(Deadlines.OfflineAt(online, options), "offline");
            Add(Deadlines.AwayAt(online, options), "away");
            Add(Deadlines.CheckAt(online, options), "connectionCheck");
        }

        Add(Choice.At(records.Choice, now)?.Until, "choiceEnds");
        Add(Choice.At(records.ApplicationChoice, now)?.Until, "applicationChoiceEnds");
        Add(records.BannedUntil(now), "banEnds");
        return [.. changes.OrderBy(change => change.At)];

        void Add(DateTimeOffset? at, string what)
        {
            if (at is { } moment && moment < DateTimeOffset.MaxValue)
            {
                changes.Add(new(moment, what));
            }
        }
    }

    private static string Text(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "an unknown time";
}
