using System.Collections.Immutable;
using System.Globalization;
using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>Whether what is shown of users is so, as far as the SignalR service can tell.</summary>
internal static class TruthRules
{
    /// <summary>A sweep may come so many intervals late before it is missed.</summary>
    private const double MostIntervals = 2.5;

    /// <summary>What is shown of a user.</summary>
    /// <param name="records">Its records.</param>
    /// <param name="now">The moment.</param>
    /// <param name="options">The settings.</param>
    /// <param name="sweepEvery">The time from one sweep to the next.</param>
    public static Claim ClaimOf(UserRecords records, DateTimeOffset now, PresenceOptions options, TimeSpan sweepEvery)
    {
        if (records.Online is not { } online)
        {
            return new(ClaimKind.Gone, [Mark(records.Profile?.LeftAt)]);
        }

        // Nobody sees whoever is unseen, connected or not: neither is wrong. And a connection is not needed by whoever is active.
        return records.Status == PresenceStatus.Offline ? new(ClaimKind.Unseen, [])
            : !online.Connections.Open.IsEmpty ? new(ClaimKind.ByConnection, [.. online.Connections.Open.Select(c => c.Id)])
            : IsOverdue(online, now, options, sweepEvery) ? new(ClaimKind.Overdue, [Mark(online.LastActiveAt)])
            : new(ClaimKind.ByActivity, []);
    }

    /// <summary>Whether the service can tell if a claim is true.</summary>
    public static bool CanBeAsked(Claim claim) => claim.Kind is ClaimKind.ByConnection or ClaimKind.Gone;

    /// <summary>Whether a claim may turn out to be wrong: by what the service says, or because no sweep has looked. Of others nothing is found out.</summary>
    public static bool CanBeJudged(Claim claim) => CanBeAsked(claim) || claim.Kind == ClaimKind.Overdue;

    /// <summary>Whether a claim is not so at this moment.</summary>
    /// <param name="claim">What is shown.</param>
    /// <param name="isConnected">Whether the service knows a connection of the user; of no meaning where it was not asked.</param>
    public static bool Differs(Claim claim, bool isConnected) => claim.Kind switch
    {
        ClaimKind.ByConnection => !isConnected,
        ClaimKind.Gone => isConnected,
        ClaimKind.Overdue => true,
        ClaimKind.ByActivity or ClaimKind.Unseen => false,
    };

    /// <summary>
    /// Whether a later claim is the same: shown for the same reason all the time, and not again. Of connections one that is in both is enough, for
    /// that one has been there all the time.
    /// </summary>
    public static bool IsSame(Claim earlier, Claim later) => earlier.Kind == later.Kind && earlier.Because.Intersect(later.Because).Any();

    /// <summary>
    /// A difference that has lasted for so long is not one that is just changing: whatever is under way, an event, a grace, a sweep, is over by then.
    /// </summary>
    public static TimeSpan LastsFrom(PresenceOptions options, TimeSpan sweepEvery) => options.DisconnectGrace + sweepEvery;

    /// <summary>Not before a sweep is really missing, and with the patience that it may have with users who could not call.</summary>
    private static bool IsOverdue(OnlineRecord online, DateTimeOffset now, PresenceOptions options, TimeSpan sweepEvery) =>
        Deadlines.OfflineAt(online, options, options.Widest.RecordWindow) + (sweepEvery * MostIntervals) < now;

    private static string Mark(DateTimeOffset? moment) => moment?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Why a user is shown as it is.</summary>
internal enum ClaimKind
{
    /// <summary>Here, because of a connection.</summary>
    ByConnection,

    /// <summary>Here, because of an activity not long ago.</summary>
    ByActivity,

    /// <summary>Here, although it should not be any more: no sweep has looked.</summary>
    Overdue,

    /// <summary>Not here.</summary>
    Gone,

    /// <summary>Here, and shown as not here, as it chose.</summary>
    Unseen,
}

/// <summary>What is shown of a user, and why.</summary>
/// <param name="Kind">What.</param>
/// <param name="Because">The connections, or the moment, by which it is the same claim later.</param>
internal readonly record struct Claim(ClaimKind Kind, ImmutableArray<string> Because)
{
    /// <summary>Whether the user is shown as here.</summary>
    public bool IsHere => Kind is ClaimKind.ByConnection or ClaimKind.ByActivity or ClaimKind.Overdue;
}
