using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Delivery;
using Presence.Core.Domain;
using Presence.Core.Options;

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

    private readonly Sender _sender;
    private readonly HiddenListeners _hidden;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _time;
    private readonly Batcher<string, (LiveMember Member, LiveState State)> _conversations;

    public LiveMessages(Sender sender, HiddenListeners hidden, IOptions<PresenceOptions> options, TimeProvider time, TimeSpan pace)
    {
        (_sender, _hidden, _options, _time) = (sender, hidden, options.Value, time);
        _conversations = new(SendAsync, () => pace * options.Value.Widening, time);
    }

    /// <summary>Tells a state to its conversation. Ends when it has arrived or been overtaken, or as its message has failed.</summary>
    public Task TellAsync(LiveMember member, LiveState state) => _conversations.AddAsync(state.ConversationId, (member, state));

    /// <summary>As few messages as possible to each of the groups that listen. Of several states of one user the last counts.</summary>
    internal static IEnumerable<Announcement> ForConversation(string conversationId, IEnumerable<LiveState> states, PresenceOptions options)
    {
        var last = states.GroupBy(s => s.UserId, StringComparer.Ordinal).Select(ofOne => ofOne.MaxBy(s => s.Version)!);
        return InParts(last).SelectMany(part => Announcements.Listening(GroupName.Conversation(conversationId), options).Select(group => part is [var only]
            ? new Announcement(ClientMethod.State, only, Group: group)
            : new Announcement(ClientMethod.StateBatch, part.ToArray(), Group: group)));
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

    /// <summary>
    /// Whoever has left, or turned invisible, while its state waited is not told of any more. One that is not for all who listen goes by itself: no
    /// two users are hidden from the same.
    /// </summary>
    private async Task SendAsync(string conversationId, IReadOnlyList<(LiveMember Member, LiveState State)> waiting)
    {
        var current = waiting.Select(one => (one.Member, one.State, Standing: one.Member.MayStillBeToldTo(conversationId)))
            .Where(one => one.Standing is not null)
            .ToLookup(one => one.Standing!.Relations.AreRestricting);
        await Task.WhenAll(
        [
            SendAsync(ForConversation(conversationId, current[false].Select(one => one.State), _options)),
            .. current[true].GroupBy(one => one.Member).Select(ofOne => SendOfAsync(ofOne.Key, ofOne.Last().Standing!, conversationId, ofOne.Select(one => one.State))),
        ]);
    }

    private async Task SendOfAsync(LiveMember member, Standing standing, string conversationId, IEnumerable<LiveState> states)
    {
        using var limit = new TimeLimit(HiddenListeners.KnownFor / 2, _time);
        var excluded = await member.HiddenFromAsync(standing, _hidden).WaitAsync(limit.Token);
        if (excluded.Count <= HiddenListeners.Most)
        {
            await Task.WhenAll(ForConversation(conversationId, states, _options).Select(message => _sender.SendExceptAsync(message, excluded, limit)));
        }
    }

    private Task SendAsync(IEnumerable<Announcement> messages) =>
        Task.WhenAll(messages.Select(message => _sender.SendAsync(message, CancellationToken.None)));
}
