namespace Presence.Client.Model;

/// <summary>When a user is usually here in the next seven days, or why nothing is said of that.</summary>
public sealed record Forecast
{
    /// <summary>Whose.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>The time zone of the hours, by its IANA id.</summary>
    public string TimeZone { get; init => field = value ?? ""; } = "";

    /// <summary>Why there are no hours: one of <see cref="NoForecast"/>, or what a newer server says; null where there are.</summary>
    public string? None { get; init; }

    /// <summary>When it is here more often than not, in the order of time.</summary>
    public IReadOnlyList<UsualTime> Hours { get; init => field = value ?? []; } = [];
}

/// <summary>A time in which a user is usually here: whole hours, by the clocks of the time zone.</summary>
public sealed record UsualTime
{
    /// <summary>When it begins; the first may have begun with the hour under way.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>When it is over.</summary>
    public DateTimeOffset End { get; init; }
}

/// <summary>Why nothing is foretold of a user.</summary>
public static class NoForecast
{
    /// <summary>No history is kept.</summary>
    public const string HistoryOff = "history_off";

    /// <summary>Less is known than four weeks, or than the caller may know.</summary>
    public const string TooLittleHistory = "too_little_history";

    /// <summary>Its past does not tell.</summary>
    public const string NotPredictable = "not_predictable";

    /// <summary>It is usually gone, whatever the hour.</summary>
    public const string NoUsualHours = "no_usual_hours";
}
