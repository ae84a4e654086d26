namespace Presence.Core.Metrics;

/// <summary>What became of the check of one user, as metrics name it.</summary>
internal static class CheckOutcome
{
    /// <summary>What is shown is so.</summary>
    public const string Right = "right";

    /// <summary>It is not, and has not been for long enough that nothing under way explains it.</summary>
    public const string Wrong = "wrong";

    /// <summary>It was not, but was changing just then.</summary>
    public const string Changing = "changing";

    /// <summary>Storage or the service did not answer: nothing is known.</summary>
    public const string Unchecked = "unchecked";

    /// <summary>The service cannot tell, and was not asked: here by activity alone, or unseen by choice.</summary>
    public const string Unasked = "unasked";
}
