namespace Presence.Core.Options;

/// <summary>Who sees whom, where nothing else is said of the two.</summary>
public enum Visibility
{
    /// <summary>Those who share a conversation. Users who are in none share the default one.</summary>
    Conversations,

    /// <summary>Everybody sees everybody.</summary>
    Everybody,
}
