using Presence.Core.Domain;
using Presence.Core.Options;
using static Presence.Core.Domain.PresenceEvent;

namespace Presence.Core.Rules;

/// <summary>What presence is: pure functions from records, an event and the time to new records. No I/O, no clock.</summary>
internal static class PresenceRules
{
    /// <summary>Decides what an event changes.</summary>
    /// <param name="before">The records as loaded.</param>
    /// <param name="happened">The event.</param>
    /// <param name="now">The time of the decision, in whole milliseconds.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="InvalidInputException">The event would break a limit, such as the most conversations per user.</exception>
    public static Decision Decide(UserRecords before, PresenceEvent happened, DateTimeOffset now, PresenceOptions options) => happened switch
    {
        Activity activity => OnActivity(before, activity, now, options),
        Connected connected => OnConnected(before, connected.ConnectionId, now, options),
        Disconnected disconnected => OnDisconnected(before, disconnected.ConnectionId, now, options),
        ConnectionsChecked check => OnChecked(before, check, now, options),
        SetByAdministrator { IsOnline: true } => OnActivity(before, new Activity(now, Force: true), now, options),
        SignedOut => OnSignedOut(before, now),
        SetByAdministrator => OnLeave(before, now),
        Due => before.Online is { } online ? Settle(before, online, now, options) : Unchanged(before),
        Joined joined => Audience.OnJoined(before, joined.ConversationId),
        Left left => Audience.OnLeft(before, left.ConversationId),
        Watched => Audience.OnWatched(before),
        Retired retired => OnRetired(before, retired.LastSeenUntil),
        Erased erased => OnErased(before, erased.ClosedConnections, now),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "no rule for this event"),
    };

    internal static Decision Unchanged(UserRecords before) => new(Outcome.Unchanged, before);

    private static Decision OnActivity(UserRecords before, Activity activity, DateTimeOffset now, PresenceOptions options)
    {
        var leftAt = before.Online is { } present ? present.LastClosedAt : before.Profile?.LeftAt;
        if (activity.BeganAt.ToWholeMilliseconds() <= leftAt && !activity.Force)
        {
            return new(Outcome.Stale, before);
        }

        // Whoever is away or about to leave comes back at once; only the activity of somebody plainly online is throttled.
        if (before.Online is { Status: PresenceStatus.Online, LastClosedAt: null } online
            && now < Deadlines.NextRecordAt(online, options)
            && !activity.Force)
        {
            return new(Outcome.Throttled, before);
        }

        return Settle(before, Active(before, now, options), now, options);
    }

    private static Decision OnConnected(UserRecords before, string connectionId, DateTimeOffset now, PresenceOptions options)
    {
        // A connection's id is never used again: what is already known of it makes this event late or double.
        if (before.Connections.IsClosed(connectionId) || before.Connections.IsOpen(connectionId))
        {
            return Unchanged(before);
        }

        var active = Active(before, now, options);
        return Settle(before, active with { Connections = active.Connections.Opened(connectionId, now) }, now, options);
    }

    private static Decision OnDisconnected(UserRecords before, string connectionId, DateTimeOffset now, PresenceOptions options)
    {
        if (before.Connections.IsClosed(connectionId))
        {
            return Unchanged(before);
        }

        var connections = before.Connections.ClosedAt(connectionId, now);
        return before switch
        {
            { Online: { } online } => Settle(before, Closed(online, connections, now), now, options),
            { Profile: { } profile } => new(Outcome.Applied, before with { Profile = profile with { Connections = connections } }),
            _ => Unchanged(before),
        };
    }

    private static Decision OnChecked(UserRecords before, ConnectionsChecked check, DateTimeOffset now, PresenceOptions options)
    {
        if (before.Online is not { } online)
        {
            return Unchanged(before);
        }

        var connections = online.Connections.Confirmed(check.Alive, now);
        foreach (var gone in check.Gone.Where(online.Connections.IsOpen))
        {
            connections = connections.ClosedAt(gone, now);
        }

        return Settle(before, Closed(online, connections, now), now, options);
    }

    /// <summary>A user nobody has seen yet can sign out too: the first request may still be on its way and must not outlive it.</summary>
    private static Decision OnSignedOut(UserRecords before, DateTimeOffset now) => before is { Online: null, Profile: null }
        ? new(Outcome.Applied, before with { Profile = new ProfileRecord { LeftAt = now } })
        : OnLeave(before, now);

    private static Decision OnLeave(UserRecords before, DateTimeOffset now) => before switch
    {
        { Online: { } online } => GoOffline(online, leftAt: now, now),
        { Profile: { } profile } when !(profile.LeftAt >= now) =>
            new(Outcome.Applied, before with { Profile = profile with { LeftAt = now } }),
        _ => Unchanged(before),
    };

    private static Decision OnRetired(UserRecords before, DateTimeOffset lastSeenUntil) =>
        before is { Online: null, Profile.LastSeenAt: { } seen } && seen <= lastSeenUntil
            ? new(Outcome.Applied, default)
            : Unchanged(before);

    /// <summary>In two steps: others are told of the leaving under a version that counts, and known connections outlive a failure between.</summary>
    private static Decision OnErased(UserRecords before, IReadOnlySet<string> closed, DateTimeOffset now) => before switch
    {
        { Online: { } online } => GoOffline(online, leftAt: now, now),
        { Profile: { } profile } when profile.Connections.Open.All(c => closed.Contains(c.Id)) => new(Outcome.Applied, default),
        _ => Unchanged(before),
    };

    /// <summary>The user is here and active now, whatever was before.</summary>
    private static OnlineRecord Active(UserRecords before, DateTimeOffset now, PresenceOptions options) => before.Online is { } online
        ? online with
        {
            LastActiveAt = now > online.LastActiveAt ? now : online.LastActiveAt,
            LastClosedAt = null,
            Status = PresenceStatus.Online,
        }
        : new OnlineRecord
        {
            Since = now,
            LastActiveAt = now,
            Status = PresenceStatus.Online,
            Connections = before.Connections,
            Conversations = before.Conversations,
            IsWatched = before.IsWatched,
            DefaultConversation = options.DefaultConversation is { Length: > 0 } fallback ? fallback : null,
            Version = before.Profile?.Version ?? 0,
        };

    /// <summary>The connections as given; when the last one has closed, leaving begins.</summary>
    private static OnlineRecord Closed(OnlineRecord online, ConnectionSet connections, DateTimeOffset now) => online with
    {
        Connections = connections,
        LastClosedAt = connections.Open.IsEmpty && !online.Connections.Open.IsEmpty ? now : online.LastClosedAt,
    };

    /// <summary>Applies what time alone changes, and says when to look again.</summary>
    private static Decision Settle(UserRecords before, OnlineRecord online, DateTimeOffset now, PresenceOptions options)
    {
        if (Deadlines.OfflineAt(online, options) <= now)
        {
            return before.Online is null ? Unchanged(before) : GoOffline(online, online.LastClosedAt ?? online.LastActiveAt, now);
        }

        if (Deadlines.AwayAt(online, options) <= now)
        {
            online = online with { Status = PresenceStatus.Away };
        }

        var changed = online.Status != before.Status;
        online = online with
        {
            Version = changed ? NextVersion(online.Version, now) : online.Version,
            Connections = online.Connections.ForgetClosedBefore(now - options.ConnectionCheckAfter),
            DueAt = Deadlines.DueAt(online, options),
        };
        return online == before.Online
            ? Unchanged(before)
            : new(Outcome.Applied, before with { Online = online }, changed);
    }

    private static Decision GoOffline(OnlineRecord online, DateTimeOffset leftAt, DateTimeOffset now) => new(
        Outcome.Applied,
        new UserRecords(Online: null, new ProfileRecord
        {
            LastSeenAt = online.LastActiveAt,
            LeftAt = leftAt,
            Connections = online.Connections,
            Conversations = online.Conversations,
            IsWatched = online.IsWatched,
            Version = NextVersion(online.Version, now),
        }),
        StatusChanged: true);

    /// <summary>
    /// A hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014) in one number: Unix milliseconds, or one more than the
    /// last version where the clock has not passed it. Stays an exact integer in JavaScript.
    /// </summary>
    private static long NextVersion(long last, DateTimeOffset now) => Math.Max(last + 1, now.ToUnixTimeMilliseconds());
}
