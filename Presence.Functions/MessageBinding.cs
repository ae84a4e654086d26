using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>What a function's output binding carries: its messages where they are to go that way, else nothing.</summary>
public sealed class MessageBinding(BindingMessages messages, IOptions<PresenceOptions> options)
{
    /// <summary>Begins a function run; to be called in the flow of calls that runs it.</summary>
    public BindingMessages.Run? Begin() => options.Value.Delivery == DeliveryMode.Binding ? messages.Begin() : null;

    /// <summary>Ends it.</summary>
    /// <returns>What the output binding is to carry, one after the other.</returns>
    public static object[] End(BindingMessages.Run? run) => run is null ? [] : [.. run.End().Select(ToAction)];

    private static SignalRMessageAction ToAction(Announcement announcement) =>
        new(announcement.Target, [ApiJson.ToElement(announcement.Argument)])
        {
            GroupName = announcement.Group,
            ConnectionId = announcement.ConnectionId,
            UserId = announcement.User is { } user ? SignalRUserId.Of(user) : null,
        };
}
