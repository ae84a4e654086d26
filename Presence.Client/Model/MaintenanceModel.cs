namespace Presence.Client.Model;

/// <summary>The state of the whole system.</summary>
public sealed record MaintenanceStats
{
    /// <summary>Registered users who are online or away.</summary>
    public long OnlineUsers { get; init; }

    /// <summary>Registered users ever seen.</summary>
    public long TotalUsers { get; init; }

    /// <summary>Sessions of guests in force.</summary>
    public long AnonymousSessions { get; init; }

    /// <summary>Guests who are online or away.</summary>
    public long OnlineAnonymous { get; init; }

    /// <summary>After how many minutes without a sign a user is offline.</summary>
    public double OfflineThresholdMinutes { get; init; }

    /// <summary>Whether the sweep has run when it last should have.</summary>
    public bool MaintenanceActive { get; init; }

    /// <summary>The last sweep of any instance; null if there was none.</summary>
    public LastSweep? LastSweep { get; init; }

    /// <summary>Whether what is shown is so, by the checks of the last day; null where there were none.</summary>
    public TruthStats? Truth { get; init; }

    /// <summary>What the month costs; null where nothing has been added up yet.</summary>
    public CostStats? Cost { get; init; }
}

/// <summary>What the checks of the last day say of what is shown.</summary>
public sealed record TruthStats
{
    /// <summary>When users were last taken to be checked.</summary>
    public DateTimeOffset CheckedAt { get; init; }

    /// <summary>Users shown as they are.</summary>
    public long Right { get; init; }

    /// <summary>Users who are not so, and have not been for long.</summary>
    public long Wrong { get; init; }

    /// <summary>Users of whom it could not be found out.</summary>
    public long Unchecked { get; init; }

    /// <summary>Users of whom the service cannot tell: here by activity alone, or unseen by choice.</summary>
    public long Unasked { get; init; }

    /// <summary>Those right, in percent of those right or wrong; null where there are none.</summary>
    public double? Rate { get; init; }
}

/// <summary>What this month costs, in US dollars.</summary>
public sealed record CostStats
{
    /// <summary><c>normal</c>, <c>thrifty</c>, <c>frugal</c> or <c>austere</c>.</summary>
    public string Economy { get; init => field = value ?? "normal"; } = "normal";

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>What it may cost; null for no limit.</summary>
    public double? Budget { get; init; }

    /// <summary>So far; null, like what follows, as long as less than a day was measured.</summary>
    public double? Spent { get; init; }

    /// <summary>At its end, if it goes on as in the last week.</summary>
    public double? Expected { get; init; }

    /// <summary>In four cases of five, at its end, at least this.</summary>
    public double? Least { get; init; }

    /// <summary>And at most this.</summary>
    public double? Most { get; init; }
}

/// <summary>The last sweep of any instance.</summary>
public sealed record LastSweep
{
    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double DurationMs { get; init; }

    /// <summary>How many users were due.</summary>
    public int Due { get; init; }

    /// <summary>How many changes of status it made.</summary>
    public int Transitions { get; init; }

    /// <summary>How many shards could not be swept.</summary>
    public int FailedShards { get; init; }

    /// <summary>When the last sweep began that came through in all shards; null where there was none.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When the first sweep began that came through again after none had for a while; null where that never was.</summary>
    public DateTimeOffset? ResumedAt { get; init; }
}

/// <summary>Activity calls and throttle rate over all instances.</summary>
public sealed record StatusMetrics
{
    /// <summary>All calls.</summary>
    public long TotalRequests { get; init; }

    /// <summary>Those that were held back.</summary>
    public long ThrottledRequests { get; init; }

    /// <summary>Those that were written.</summary>
    public long SuccessfulUpdates { get; init; }

    /// <summary>Those that failed.</summary>
    public long FailedUpdates { get; init; }

    /// <summary>How many windows instances remember.</summary>
    public int CacheSize { get; init; }

    /// <summary>How many of a hundred were held back.</summary>
    public double ThrottleRate { get; init; }
}

/// <summary>What a clean-up removed.</summary>
public sealed record CleanupReport
{
    /// <summary>Sessions of guests that had expired.</summary>
    public int ExpiredSessions { get; init; }

    /// <summary>Guests, and users never seen, who were forgotten.</summary>
    public int ForgottenParticipants { get; init; }

    /// <summary>What kept old credentials of erased users out.</summary>
    public int RemovedTombstones { get; init; }

    /// <summary>What was owed for too long.</summary>
    public int AbandonedDuties { get; init; }

    /// <summary>Events that were kept as long as they are.</summary>
    public int RemovedEvents { get; init; }

    /// <summary>Rows of history that were older than it is kept.</summary>
    public int RemovedHistory { get; init; }

    /// <summary>Days that were summed up for analytics.</summary>
    public int SummedDays { get; init; }
}

/// <summary>A ban.</summary>
public sealed record Ban
{
    /// <summary>Whose.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>Until when the user is kept out; null if it is not.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>Whether it was here until now.</summary>
    public bool WasOnline { get; init; }
}

/// <summary>What there was of an erased user.</summary>
public sealed record Erasure
{
    /// <summary>Whose.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>How many rows.</summary>
    public int RemovedRows { get; init; }

    /// <summary>How many sessions.</summary>
    public int RevokedSessions { get; init; }

    /// <summary>Whether it was here until now.</summary>
    public bool WasOnline { get; init; }
}
