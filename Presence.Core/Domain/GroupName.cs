using System.Security.Cryptography;
using System.Text;

namespace Presence.Core.Domain;

/// <summary>The SignalR groups.</summary>
public static class GroupName
{
    private const int LongestId = 256;
    private const int HashBytes = 16;

    /// <summary>Those who are in a conversation.</summary>
    public static string Conversation(string conversationId) => "conversation:" + conversationId;

    /// <summary>Those who watch a user where everybody sees everybody.</summary>
    public static string User(PresenceKey user) => "user:" + Short(SignalRUserId.Of(user));

    /// <summary>Those who watch a user whom the application lets them see.</summary>
    public static string AllowedTo(PresenceKey user) => User(user) + "|";

    /// <summary>Those who watch a user because they are in a conversation.</summary>
    public static string Watching(PresenceKey user, string conversationId) => AllowedTo(user) + conversationId;

    /// <summary>Those of a group who hide when they were last active, and so do not learn it of others. Nobody is in both.</summary>
    public static string Untimed(string group) => "untimed:" + group;

    /// <summary>
    /// A name has at most 1,024 characters, and an encoded id may have more. A hash stands for a long one, behind a sign that no encoded id has.
    /// </summary>
    private static string Short(string id) =>
        id.Length <= LongestId ? id : "#" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, HashBytes));
}
