using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>How users leave, by themselves or by hand. Out means out: what connects by itself does not bring back who was signed out.</summary>
internal static class LeavingRules
{
    /// <summary>A user nobody has seen yet can sign out too: the first request may still be on its way and must not outlive it.</summary>
    public static Decision OnSignedOut(Situation situation, bool isRevoked)
    {
        var (_, before, now, _) = situation;
        before = (isRevoked, before) switch
        {
            (_, { Online: null, Profile: null }) => new(null, new ProfileRecord { LeftAt = now, RevokedAt = isRevoked ? now : null }),
            (true, { Online: { } online }) => before with { Online = online with { RevokedAt = now } },
            (true, { Profile: { ErasedAt: null } profile }) => before with { Profile = profile with { RevokedAt = now } },
            _ => before,
        };
        return OnSetOffline(situation with { Before = before });
    }

    /// <summary>By hand of an administrator: the user is signed out, too, for else its own clients would undo it at once.</summary>
    public static Decision OnSetOffline(Situation situation) => situation.Before switch
    {
        { Online: { } online } => GoOffline(situation, online, leftAt: situation.Now, signedOutAt: situation.Now),
        { Profile: { ErasedAt: null } profile } when !(profile.SignedOutAt >= situation.Now) => SignOut(situation, profile),
        _ => situation.Unchanged(),
    };

    /// <summary>The user is gone, and those who heard of it are told. One who is signed out keeps no connection.</summary>
    public static Decision GoOffline(
        Situation situation, OnlineRecord online, DateTimeOffset leftAt, DateTimeOffset? signedOutAt = null, Duty? owes = null)
    {
        var profile = new ProfileRecord
        {
            LastSeenAt = online.LastActiveAt,
            LeftAt = leftAt,
            SignedOutAt = signedOutAt,
            Connections = signedOutAt is null ? online.Connections : online.Connections.AllClosedAt(situation.Now),
            Conversations = online.Conversations,
            IsWatched = online.IsWatched,
            RevokedAt = online.RevokedAt,
            SignedOutDevices = online.SignedOutDevices,
            Privacy = online.Privacy,
            Relations = online.Relations,
            Choice = online.Choice,
            ApplicationChoice = online.ApplicationChoice,
            Disguise = online.Disguise,
        };
        var heard = (situation.Before with { Online = online }).Rosters;
        return situation.IsNews(new(null, profile), heard, signedOutAt is null ? owes : Closing(online.Connections));
    }

    /// <summary>The connections given are to be closed; null if there are none.</summary>
    public static Duty? Closing(ConnectionSet connections)
    {
        ImmutableArray<string> open = [.. connections.Open.Select(c => c.Id)];
        return open.IsEmpty ? null : new Duty { Connections = open, Closes = true };
    }

    private static Decision SignOut(Situation situation, ProfileRecord profile)
    {
        profile = profile with
        {
            LeftAt = situation.Now,
            SignedOutAt = situation.Now,
            Connections = profile.Connections.AllClosedAt(situation.Now),
        };
        return Situation.Becomes(new(null, profile), Closing(situation.Before.Connections));
    }
}
