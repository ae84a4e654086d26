using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>Connections say that a user is here, never that it is active.</summary>
internal static class ConnectionRules
{
    /// <summary>A token for connecting is good for so long after it was negotiated. Clients connect at once; what comes later was kept.</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(60);

    public static Decision OnConnected(Situation situation, PresenceEvent.Connected connected)
    {
        var (_, before, now, options) = situation;

        // A connection's id is never used again: what is already known of it makes this event late or double.
        if (before.Connections.IsClosed(connected.ConnectionId) || before.Connections.IsOpen(connected.ConnectionId))
        {
            return situation.Unchanged();
        }

        ImmutableArray<string> connections = [connected.ConnectionId];
        if (IsStale(before, connected.NegotiatedAt, now) || before.IsSignedOut(connected.Device, now - options.CredentialLifetime))
        {
            return situation.Refused(Outcome.Stale, new Duty { Connections = connections, Closes = true });
        }

        var here = before.Online is { } online
            ? online with { LastClosedAt = null }
            : ActivityRules.ComesBack(situation, ActiveAt(connected, now));
        here = here with { Connections = here.Connections.Opened(connected.ConnectionId, now, connected.Device, isWatching: !connected.Watching.IsDefaultOrEmpty) };
        var welcome = new Duty
        {
            Connections = connections,
            Entered = (before with { Online = here }).ListensTo,
            Watched = connected.Watching.IsDefault ? [] : connected.Watching,
            IsWelcome = true,
            GivingWay = before.Connections.GivingWay,
            IsUntimed = VisibilityRules.IsUntimed(here.Privacy, options),
            IsRestricted = here.Relations.AreRestricting,
        };

        // Whoever was here keeps its status, even one that time is about to change: that is for the sweep to say.
        return before.Online is not null
            ? situation.Stays(here, welcome)
            : TimeRules.Settle(situation with { Before = ActivityRules.WithoutSignOut(before) }, here, owes: welcome);
    }

    public static Decision OnDisconnected(Situation situation, string connectionId)
    {
        var (_, before, now, _) = situation;
        if (before.Connections.IsClosed(connectionId))
        {
            return situation.Unchanged();
        }

        // Only whoever has just lost the last connection may be gone by that, without a grace. Any other keeps its status, even one that
        // time is about to change: that is for the sweep to say, which knows whether users could call.
        var connections = before.Connections.ClosedAt(connectionId, now);
        return before switch
        {
            { Online: { } online } when connections.Open.IsEmpty && before.Connections.IsOpen(connectionId) =>
                TimeRules.Settle(situation, Closed(online, connections, now)),
            { Online: { } online } => situation.Stays(Closed(online, connections, now)),
            { Profile: { ErasedAt: null } profile } => Situation.Becomes(before with { Profile = profile with { Connections = connections } }),
            _ => situation.Unchanged(),
        };
    }

    public static Decision OnChecked(Situation situation, PresenceEvent.ConnectionsChecked check)
    {
        var (_, before, now, _) = situation;
        if (before.Online is not { } online)
        {
            return situation.Unchanged();
        }

        var connections = online.Connections.Confirmed(check.Alive, now);
        foreach (var gone in check.Gone.Where(online.Connections.IsOpen))
        {
            connections = connections.ClosedAt(gone, now);
        }

        return TimeRules.Settle(situation, FoundClosed(situation, online, connections, check.Patience), check.Patience);
    }

    /// <summary>
    /// Whether the connection was negotiated before the user was signed out, or too long ago. One of which that is not known, because an
    /// older version negotiated it, is let in unless the user is signed out.
    /// </summary>
    private static bool IsStale(UserRecords before, DateTimeOffset? negotiatedAt, DateTimeOffset now) => negotiatedAt is { } at
        ? before.IsSignedOutSince(at) || now - at > ConnectWithin
        : before is { Online: null, Profile.SignedOutAt: not null };

    /// <summary>What the client told of its user, as far as it can be: not after now, and not before the earliest moment that is kept.</summary>
    private static DateTimeOffset ActiveAt(PresenceEvent.Connected connected, DateTimeOffset now) =>
        connected.ActiveAt is not { } at || at > now ? now
        : at < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch
        : at.ToWholeMilliseconds();

    /// <summary>
    /// The same of connections found closed, at whatever moment since the last sign of them. A user who was active after that sign may have been so
    /// without a connection, and such an activity ends leaving: no grace takes the user away before the activity would.
    /// </summary>
    private static OnlineRecord FoundClosed(Situation situation, OnlineRecord online, ConnectionSet connections, TimeSpan patience)
    {
        var leaving = Closed(online, connections, situation.Now);
        var staying = leaving with { LastClosedAt = online.LastClosedAt };
        return leaving != staying
            && online.LastActiveAt > online.Connections.Open.Max(c => c.At)
            && Deadlines.OfflineAt(staying, situation.Options, patience) > Deadlines.OfflineAt(leaving, situation.Options)
                ? staying
                : leaving;
    }

    /// <summary>The connections as given; when the last one has closed, leaving begins.</summary>
    public static OnlineRecord Closed(OnlineRecord online, ConnectionSet connections, DateTimeOffset now) => online with
    {
        Connections = connections,
        LastClosedAt = connections.Open.IsEmpty && !online.Connections.Open.IsEmpty ? now : online.LastClosedAt,
    };
}
