using Microsoft.Azure.Functions.Worker;
using Presence.Core.Domain;

namespace Presence.Functions;

/// <summary>Changes of who receives what.</summary>
internal static class SignalRActions
{
    /// <summary>All connections of a user enter the group of a conversation, or leave it.</summary>
    public static SignalRGroupAction OfUser(SignalRGroupActionType action, PresenceKey user, string conversationId) =>
        new(action) { UserId = SignalRUserId.Of(user), GroupName = GroupName.Conversation(conversationId) };
}
