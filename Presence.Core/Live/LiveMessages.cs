using Presence.Core.Concurrency;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Ports;

namespace Presence.Core.Live;

/// <summary>
/// Sends states over the hub, in whichever way other messages go: an output binding would carry one message for each call. What comes while a
/// message of a conversation is on its way, or within the pace, goes together. Nothing is kept, and nothing said of what did not arrive:
/// another state comes soon.
/// </summary>
internal sealed class LiveMessages
{
    /// <summary>The most bytes of states in one message: half of what the SignalR service takes.</summary>
    public const int MostBytes = 512 * 1024;

    private readonly IRealtimeService _realtime;
    private readonly ServiceGate _gate;
    private readonly PresenceMetrics _metrics;
    private readonly Batcher<string, (LiveMember Member, LiveState State)> _conversations;

    public LiveMessages(IRealtimeService realtime, ServiceGate gate, PresenceMetrics metrics, TimeProvider time, TimeSpan pace)
    {
        (_realtime, _gate, _metrics) = (realtime, gate, metrics);
        _conversations = new(SendAsync, pace, time);
    }

    /// <summary>Tells a state to its conversation. Ends when it has arrived or been overtaken, or as its message has failed.</summary>
    public Task TellAsync(LiveMember member, LiveState state) => _conversations.AddAsync(state.ConversationId, (member, state));

    /// <summary>As few messages as possible. Of several states of one user the last counts.</summary>
    internal static IEnumerable<Announcement> ForConversation(string conversationId, IEnumerable<LiveState> states)
    {
        var last = states.GroupBy(s => s.UserId, StringComparer.Ordinal).Select(ofOne => ofOne.MaxBy(s => s.Version)!);
        return InParts(last).Select(part => part is [var only]
            ? new Announcement(ClientMethod.State, only, Group: GroupName.Conversation(conversationId))
            : new Announcement(ClientMethod.StateBatch, part.ToArray(), Group: GroupName.Conversation(conversationId)));
    }

    private static IEnumerable<List<LiveState>> InParts(IEnumerable<LiveState> states)
    {
        var (part, bytes) = (new List<LiveState>(), 0);
        foreach (var state in states)
        {
            if (part.Count > 0 && bytes + state.MostBytes > MostBytes)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(state);
            bytes += state.MostBytes;
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    /// <summary>Whoever has left, or turned invisible, while its state waited is not told of any more.</summary>
    private async Task SendAsync(string conversationId, IReadOnlyList<(LiveMember Member, LiveState State)> waiting)
    {
        var current = waiting.Where(one => one.Member.MayStillBeToldTo(conversationId)).Select(one => one.State);
        foreach (var message in ForConversation(conversationId, current))
        {
            await _gate.CallAsync(
                token => _realtime.SendToGroupAsync(message.Group!, message.Target, message.Argument, token), CancellationToken.None);
            _metrics.HandedOn(message.Target);
        }
    }
}
