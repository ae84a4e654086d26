namespace Presence.Core.Forecasting;

/// <summary>Why nothing is forecast, as it is told.</summary>
public static class NoForecast
{
    /// <summary>No history is kept.</summary>
    public const string HistoryOff = "history_off";

    /// <summary>Less is known of the user than four weeks, or than the caller may know.</summary>
    public const string TooLittleHistory = "too_little_history";

    /// <summary>The user comes and goes in no way that its past tells.</summary>
    public const string NotPredictable = "not_predictable";

    /// <summary>There is no hour in which it is usually here.</summary>
    public const string NoUsualHours = "no_usual_hours";
}
