namespace Presence.Core.Metrics;

/// <summary>What is shown of a user who is checked, as metrics name it.</summary>
internal static class ShownAs
{
    /// <summary>Online or away.</summary>
    public const string Here = "here";

    /// <summary>Offline.</summary>
    public const string Gone = "gone";
}
