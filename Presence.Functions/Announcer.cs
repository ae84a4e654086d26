using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Functions.Http;

namespace Presence.Functions;

/// <summary>From changes of status to what the output binding takes; measures what goes out and how long it waited.</summary>
public sealed class Announcer(PresenceMetrics metrics, TimeProvider time)
{
    /// <summary>The messages on changes of status.</summary>
    public SignalRMessageAction[] Announce(IReadOnlyCollection<Transition> transitions)
    {
        if (transitions.Count == 0)
        {
            return [];
        }

        using var span = Tracing.StartAnnouncing();
        SignalRMessageAction[] messages = [.. Announcements.For(transitions).Select(ToMessage)];
        span.Announced(transitions.Count, messages.Length);
        foreach (var decidedAt in transitions.Select(t => t.DecidedAt).OfType<DateTimeOffset>())
        {
            metrics.Announced(time.GetUtcNow() - decidedAt);
        }

        return messages;
    }

    /// <summary>One message. Its argument is made JSON here, so that it looks the same whatever a host's own serializer does.</summary>
    public SignalRMessageAction ToMessage(Announcement announcement)
    {
        metrics.HandedOn(announcement.Target);
        return new(announcement.Target, [JsonSerializer.SerializeToElement(announcement.Argument, ApiJson.Default.Options)])
        {
            GroupName = announcement.Group,
            ConnectionId = announcement.ConnectionId,
            UserId = announcement.UserId,
        };
    }
}
