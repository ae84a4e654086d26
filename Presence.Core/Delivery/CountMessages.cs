using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Presence.Core.Concurrency;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rosters;

namespace Presence.Core.Delivery;

/// <summary>
/// Tells large conversations how many are in them and here, and any conversation that it has become large, or is not any more. Over the hub,
/// in whichever way other messages go: there may be no run of a function. Of a conversation whose roster changes on and on it is one message, and at most
/// one request, a second; the last state is always told.
/// </summary>
internal sealed class CountMessages
{
    /// <summary>The shortest time from one message to the next of a conversation, for each 1,000 members begun: that is what a request reads.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>What could not be told is tried again after so long.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    private const double MembersOfARequest = 1_000;

    private readonly RosterReader _rosters;
    private readonly Sender _sender;
    private readonly IOptions<PresenceOptions> _options;
    private readonly TimeProvider _time;
    private readonly Batcher<string, bool> _conversations;

    /// <summary>The large conversations that know of it, with what they were told last.</summary>
    private readonly ConcurrentDictionary<string, RosterVersion> _told = new(StringComparer.Ordinal);

    public CountMessages(RosterReader rosters, Sender sender, IOptions<PresenceOptions> options, TimeProvider time)
    {
        (_rosters, _sender, _options, _time) = (rosters, sender, options, time);
        _conversations = new((conversation, _) => TellAsync(conversation), TimeSpan.Zero, time);
        rosters.Sizes.Written += OnWritten;
        rosters.Sizes.Crossed += Tell;
    }

    /// <summary>Whether a conversation is told counts instead of names.</summary>
    public bool IsLarge(string conversationId) => _rosters.Sizes.IsLarge(conversationId);

    private void OnWritten(string conversationId)
    {
        if (IsLarge(conversationId))
        {
            Tell(conversationId);
        }
        else if (_rosters.Sizes.IsWorthReading(conversationId))
        {
            // What it finds out it says to whoever knows the sizes, and so to us. Where it fails, the next write asks again.
            _ = _rosters.ReadFreshAsync(conversationId, CancellationToken.None).ContinueWith(
                static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private void Tell(string conversationId) => _ = _conversations.AddAsync(conversationId, true);

    private async Task TellAsync(string conversationId)
    {
        var began = _time.GetTimestamp();
        TimeSpan pace;
        try
        {
            var roster = await _rosters.ReadFreshAsync(conversationId, CancellationToken.None);
            await SendAsync(roster);
            pace = Pace * _options.Value.Widening * Math.Max(1, Math.Ceiling(roster.Named.Length / MembersOfARequest));
        }
        catch (Exception e) when (e is StoreUnavailableException or RealtimeUnavailableException or OperationCanceledException)
        {
            pace = AfterFailure;
            Tell(conversationId);
        }

        if (pace - _time.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, _time);
        }
    }

    private async Task SendAsync(Roster roster)
    {
        var told = _told.GetValueOrDefault(roster.ConversationId);
        if (roster.IsLarge != told is not null)
        {
            await SendAsync(roster.ConversationId, ClientMethod.Mode, ModeMessage.Of(roster));
        }
        else if (roster.IsLarge && !roster.Version.SaysTheSameAs(told!))
        {
            await SendAsync(roster.ConversationId, ClientMethod.Counts, CountsMessage.Of(roster));
        }

        if (roster.IsLarge)
        {
            _told[roster.ConversationId] = roster.Version;
        }
        else
        {
            _told.TryRemove(roster.ConversationId, out _);
        }
    }

    private async Task SendAsync(string conversationId, string target, object argument)
    {
        foreach (var group in Announcements.Listening(GroupName.Conversation(conversationId), _options.Value))
        {
            await _sender.SendAsync(new Announcement(target, argument, Group: group), CancellationToken.None);
        }
    }
}
