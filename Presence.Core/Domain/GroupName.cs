

namespace Presence.Core.Domain;

/// <summary>The SignalR groups.</summary>
public static class GroupName
{
    /// <summary>Those who are in a conversation.</summary>
    public static string Conversation(string conversationId) => "conversation:" + conversationId;

    /// <summary>Those who watch a user where everybody sees everybody.</summary>
    public static string User(PresenceKey user) => "user:" + SignalRUserId.Of(user);

    /// <summary>Those who watch a user whom the application lets them see.</summary>
    public static string AllowedTo(PresenceKey user) => User(user) + "|";

    /// <summary>Those who watch a user because they are in a conversation.</summary>
    public static string Watching(PresenceKey user, string conversationId) => AllowedTo(user) + conversationId;

    /// <summary>Those of a group who hide when they were last active, and so do not learn it of others. Nobody is in both.</summary>
    public static string Untimed(string group) => "untimed:" + group;
}
