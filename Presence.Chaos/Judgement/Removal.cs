namespace Presence.Chaos.Judgement;

/// <summary>A user was taken out of a conversation.</summary>
/// <param name="User">Who.</param>
/// <param name="Conversation">Which.</param>
/// <param name="Asked">When the backend asked for it.</param>
/// <param name="Answered">When the backend was told that it is done.</param>
/// <param name="Until">When it was to be put back; null: never.</param>
/// <param name="Listened">Whether it listened on one connection all that time.</param>
internal sealed record Removal(string User, string Conversation, DateTimeOffset Asked, DateTimeOffset Answered, DateTimeOffset? Until, bool Listened);
