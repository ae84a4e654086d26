namespace Presence.Core.Domain;

/// <summary>The argument of <c>conversation:left</c>: whoever is told is in a conversation no more.</summary>
/// <param name="ConversationId">Which.</param>
public sealed record LeftMessage(string ConversationId);
