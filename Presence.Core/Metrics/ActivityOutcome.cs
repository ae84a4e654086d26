namespace Presence.Core.Metrics;

/// <summary>What became of an activity call, as metrics name it.</summary>
internal static class ActivityOutcome
{
    /// <summary>It was recorded.</summary>
    public const string Recorded = "recorded";

    /// <summary>The window was open.</summary>
    public const string Throttled = "throttled";

    /// <summary>It told nothing new, or its request began before its user left.</summary>
    public const string Ignored = "ignored";

    /// <summary>The call said of itself that it is no activity.</summary>
    public const string Passive = "passive";

    /// <summary>It failed, for example because the storage was out of reach.</summary>
    public const string Failed = "failed";
}
