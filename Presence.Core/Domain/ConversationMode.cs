namespace Presence.Core.Domain;

/// <summary>How a conversation is told of changes.</summary>
public static class ConversationMode
{
    /// <summary>Who has changed: <c>user:status</c>.</summary>
    public const string Names = "names";

    /// <summary>How many are here: <c>conversation:counts</c>.</summary>
    public const string Counts = "counts";
}
