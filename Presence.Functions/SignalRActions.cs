using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Presence.Core.Broadcast;
using Presence.Core.Domain;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>From announcements to what the output binding takes.</summary>
internal static class SignalRActions
{
    /// <summary>The messages on changes of status.</summary>
    public static SignalRMessageAction[] Announce(IEnumerable<Transition> transitions) =>
        [.. Announcements.For(transitions).Select(ToAction)];

    /// <summary>One message. Its argument is made JSON here, so that it looks the same whatever a host's own serializer does.</summary>
    public static SignalRMessageAction ToAction(Announcement announcement) =>
        new(announcement.Target, [JsonSerializer.SerializeToElement(announcement.Argument, ApiJson.Default.Options)])
        {
            GroupName = announcement.Group,
            ConnectionId = announcement.ConnectionId,
            UserId = announcement.UserId,
        };

    /// <summary>All connections of a user enter the group of a conversation, or leave it.</summary>
    public static SignalRGroupAction OfUser(SignalRGroupActionType action, PresenceKey user, string conversationId) =>
        new(action) { UserId = SignalRUserId.Of(user), GroupName = GroupName.Conversation(conversationId) };
}
