namespace Presence.Client.Model;

/// <summary>When a user was here.</summary>
public sealed record UserHistory
{
    /// <summary>Whose.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>The first day, UTC.</summary>
    public DateOnly From { get; init; }

    /// <summary>The last day, UTC.</summary>
    public DateOnly To { get; init; }

    /// <summary>The sessions that ended on these days, in the order of their starts.</summary>
    public IReadOnlyList<UserSession> Sessions { get; init => field = value ?? []; } = [];

    /// <summary>For how many days sessions are kept; 0 where none are.</summary>
    public double RetentionDays { get; init; }
}

/// <summary>A time in which others were shown that a user is here.</summary>
public sealed record UserSession
{
    /// <summary>When it began.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset End { get; init; }
}

/// <summary>When somebody was in a conversation.</summary>
public sealed record ConversationHistory
{
    /// <summary>Which.</summary>
    public string ConversationId { get; init => field = value ?? ""; } = "";

    /// <summary>The first day, UTC.</summary>
    public DateOnly From { get; init; }

    /// <summary>The last day, UTC.</summary>
    public DateOnly To { get; init; }

    /// <summary>The hours in which somebody was in it, in their order.</summary>
    public IReadOnlyList<ConversationHour> Hours { get; init => field = value ?? []; } = [];

    /// <summary>For how many days they are kept; 0 where none are.</summary>
    public double RetentionDays { get; init; }
}

/// <summary>One hour of a conversation.</summary>
public sealed record ConversationHour
{
    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset Hour { get; init; }

    /// <summary>The most who were in it at once.</summary>
    public int Peak { get; init; }

    /// <summary>How long they were in it, all together, in minutes.</summary>
    public double OnlineMinutes { get; init; }
}

/// <summary>What all users together did on several days.</summary>
public sealed record AnalyticsReport
{
    /// <summary>The first day, UTC.</summary>
    public DateOnly From { get; init; }

    /// <summary>The last day, UTC.</summary>
    public DateOnly To { get; init; }

    /// <summary>The time zone of the hours, by its IANA id.</summary>
    public string TimeZone { get; init => field = value ?? ""; } = "";

    /// <summary>The days that are summed up, in their order.</summary>
    public IReadOnlyList<AnalyticsDay> Days { get; init => field = value ?? []; } = [];

    /// <summary>The most users and guests who were here at once.</summary>
    public int Peak { get; init; }

    /// <summary>The first second in which they were; null where nobody was.</summary>
    public DateTimeOffset? PeakAt { get; init; }

    /// <summary>How long sessions were.</summary>
    public SessionStatistics Sessions { get; init => field = value ?? new(); } = new();

    /// <summary>How many users and guests were here on average in each hour of a day.</summary>
    public IReadOnlyList<double> Hours { get; init => field = value ?? []; } = [];

    /// <summary>The same for each day of a week, from Monday.</summary>
    public IReadOnlyList<WeekdayHours> Week { get; init => field = value ?? []; } = [];
}

/// <summary>What all users together did on one day.</summary>
public sealed record AnalyticsDay
{
    /// <summary>Which, UTC.</summary>
    public DateOnly Day { get; init; }

    /// <summary>Registered users who were here on it.</summary>
    public int Users { get; init; }

    /// <summary>Guests who were.</summary>
    public int Guests { get; init; }

    /// <summary>Registered users who were here on it or one of the six days before.</summary>
    public int WeeklyUsers { get; init; }

    /// <summary>The share of those of the day before who were here on this day as well; null where there were none.</summary>
    public double? ReturnedAfterDay { get; init; }

    /// <summary>The share of those of the seventh day before; null where there were none.</summary>
    public double? ReturnedAfterWeek { get; init; }

    /// <summary>The most users and guests who were here at once.</summary>
    public int Peak { get; init; }

    /// <summary>The first second in which they were; null where nobody was.</summary>
    public DateTimeOffset? PeakAt { get; init; }

    /// <summary>How many sessions ended on it.</summary>
    public long Sessions { get; init; }
}

/// <summary>How long sessions were, within 4.9 %; null where there was none.</summary>
public sealed record SessionStatistics
{
    /// <summary>How many.</summary>
    public long Count { get; init; }

    /// <summary>Half of them were no longer.</summary>
    public double? MedianSeconds { get; init; }

    /// <summary>Of ten, nine were no longer.</summary>
    public double? P90Seconds { get; init; }

    /// <summary>Of twenty, nineteen were no longer.</summary>
    public double? P95Seconds { get; init; }

    /// <summary>Of a hundred, ninety-nine were no longer.</summary>
    public double? P99Seconds { get; init; }
}

/// <summary>How many were here on average in the hours of one day of the week.</summary>
public sealed record WeekdayHours
{
    /// <summary>Its English name, in small letters.</summary>
    public string Weekday { get; init => field = value ?? ""; } = "";

    /// <summary>In each of its hours, from midnight.</summary>
    public IReadOnlyList<double> Hours { get; init => field = value ?? []; } = [];
}
