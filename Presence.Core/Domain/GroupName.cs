

namespace Presence.Core.Domain;

/// <summary>The SignalR groups.</summary>
public static class GroupName
{
    /// <summary>Those who are in a conversation.</summary>
    public static string Conversation(string conversationId) => "conversation:" + conversationId;

    /// <summary>Those who watch a user.</summary>
    public static string User(PresenceKey user) => "user:" + SignalRUserId.Of(user);
}
