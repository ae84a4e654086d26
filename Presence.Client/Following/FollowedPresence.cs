using System.Collections.Immutable;
using Presence.Client.Model;

namespace Presence.Client.Following;

/// <summary>
/// What a follower knows, and how news changes it. Pure: no clock, no calls. Of a user it keeps what came last and when, counted in messages: an
/// answer stands for the moment at which it was asked for. So an answer replaces what is shown, whatever its version, but for messages that came after
/// asking and have a larger one.
/// </summary>
internal sealed class FollowedPresence(Action<PresenceChange> tell)
{
    /// <summary>Of those who have left, and whom no answer names, it remembers no more than these: the last ones.</summary>
    public const int MostDeparted = 10_000;

    private readonly Dictionary<string, long> _cameAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Heard> _conversations = new(StringComparer.Ordinal);
    private Dictionary<string, PresenceView> _watched = new(StringComparer.Ordinal);
    private string? _watchedVersion;
    private long _messages;

    /// <summary>Everybody who is known, those who have left among them.</summary>
    public ImmutableDictionary<string, PresenceView> Users { get; private set; } = ImmutableDictionary<string, PresenceView>.Empty;

    /// <summary>All conversations that are heard.</summary>
    public ImmutableDictionary<string, FollowedConversation> Conversations { get; private set; } = ImmutableDictionary<string, FollowedConversation>.Empty;

    /// <summary>This moment: whoever asks now hands it back with the answer.</summary>
    public long Now => _messages;

    /// <summary>The version of the roster that is known of a conversation; <c>0</c> if none is.</summary>
    public string VersionOf(string conversationId) => _conversations.TryGetValue(conversationId, out var heard) && heard.Version.Length > 0 ? heard.Version : "0";

    /// <summary>Whether somebody is watched, as far as was answered.</summary>
    public bool Watches => _watched.Count > 0;

    /// <summary>The version to ask by about these; null where one of them was not in the answer that it is of.</summary>
    public string? WatchedSince(IReadOnlyCollection<string> ids) => ids.All(_watched.ContainsKey) ? _watchedVersion : null;

    /// <summary>
    /// A message about a user. One that is not newer than what is known is late, or double. Answers with the conversation whose roster has to be read,
    /// because the user has come into it and it is not known there; null for none.
    /// </summary>
    public string? Told(PresenceView user)
    {
        var joined = user.Joined is { } conversation && Conversations.GetValueOrDefault(conversation) is { Mode: not ConversationMode.Counts }
            && !HeardOf(conversation).Users.ContainsKey(user.UserId) ? conversation : null;
        user = user with { Joined = null };
        if (!Users.TryGetValue(user.UserId, out var known) || user.Version > known.Version)
        {
            Show(user, ++_messages, ChangeCause.Live);
        }

        return joined;
    }

    /// <summary>A conversation that its user is in no more.</summary>
    public void Left(string conversationId)
    {
        if (_conversations.Remove(conversationId, out var heard))
        {
            Set(conversationId, null);
            ForgetUnlessFollowed(heard.Users.Keys);
        }
    }

    /// <summary>
    /// What a connection begins with, or what is told on entering a conversation. Answers with the conversations whose rosters have to be read,
    /// because the snapshot does not name all.
    /// </summary>
    /// <param name="snapshot">It.</param>
    /// <param name="asked">When the connection began; null for one on the way, which takes nothing away from what is newer.</param>
    public IReadOnlyList<string> Snapshot(SnapshotMessage snapshot, long? asked)
    {
        var unheard = new List<string>();
        if (asked is not null)
        {
            foreach (var gone in _conversations.Keys.Except(snapshot.Conversations.Select(one => one.ConversationId)).ToList())
            {
                unheard.AddRange(_conversations[gone].Users.Keys);
                _conversations.Remove(gone);
                Set(gone, null);
            }
        }

        foreach (var one in snapshot.Conversations)
        {
            var heard = HeardOf(one.ConversationId);
            Set(one.ConversationId, new() { ConversationId = one.ConversationId, Mode = one.Mode, Occupancy = one.Occupancy });
            if (one.Mode == ConversationMode.Counts)
            {
                unheard.AddRange(heard.Clear());
            }
            else if (one.IsComplete)
            {
                heard.Replace(one.Users, one.Version);
            }
        }

        foreach (var user in snapshot.Conversations.SelectMany(one => one.Users).Concat(snapshot.Users))
        {
            Answered(user, asked);
        }

        ForgetUnlessFollowed(unheard);
        return [.. snapshot.Conversations.Where(one => one.Mode != ConversationMode.Counts && !one.IsComplete).Select(one => one.ConversationId)];
    }

    /// <summary>The pages of a roster, all complete or none. Those of whom they say nothing are as they were in the version that was asked by.</summary>
    public void Roster(string conversationId, IReadOnlyList<RosterPage> pages, long asked)
    {
        if (!_conversations.TryGetValue(conversationId, out var heard) || Conversations[conversationId].Mode == ConversationMode.Counts)
        {
            return;
        }

        var last = pages[^1];
        if (!last.IsUnchanged)
        {
            Set(conversationId, new() { ConversationId = conversationId, Mode = last.Mode, Occupancy = last.Occupancy });
            if (last.IsComplete)
            {
                heard.Replace(pages.SelectMany(page => page.Users), last.Version);
            }
            else
            {
                heard.Merge(pages.SelectMany(page => page.Users), last.Version);
            }
        }

        foreach (var user in heard.Users.Values)
        {
            Answered(user, asked);
        }

        if (!last.IsUnchanged && last.Mode == ConversationMode.Counts)
        {
            ForgetUnlessFollowed(heard.Clear());
        }
    }

    /// <summary>An answer about those who are watched. Those it does not name are as they were in the version that was asked by.</summary>
    /// <param name="watched">All who are watched now.</param>
    /// <param name="named">What the answer says.</param>
    /// <param name="isWhole">Whether the answer is about the whole list, and not about those it names alone.</param>
    /// <param name="asked">When it was asked for.</param>
    /// <param name="version">Of the answer, if it is about the whole list. One about a part is of no use: it says nothing of the others.</param>
    public void Watched(IReadOnlyCollection<string> watched, IReadOnlyList<PresenceView> named, bool isWhole, long asked, string? version)
    {
        _watchedVersion = isWhole ? version : watched.All(_watched.ContainsKey) ? _watchedVersion : null;
        var before = _watched;
        _watched = new(StringComparer.Ordinal);
        var answers = named.ToDictionary(user => user.UserId, StringComparer.Ordinal);
        foreach (var id in watched)
        {
            if (answers.GetValueOrDefault(id) is { } answer)
            {
                _watched[id] = answer;
                Answered(answer, asked);
            }
            else
            {
                _watched[id] = before.GetValueOrDefault(id) ?? new PresenceView { UserId = id };
                if (isWhole && before.TryGetValue(id, out var same))
                {
                    Answered(same, asked);
                }
            }
        }

        ForgetUnlessFollowed(before.Keys);
    }

    /// <summary>The counts of a large conversation. Says itself that it is one.</summary>
    public void Counted(CountsMessage counts) => IsLarge(
        counts.ConversationId, new() { Members = counts.Members, Online = counts.Online, Away = counts.Away });

    /// <summary>A conversation is told of in another way. Answers whether its roster has to be read.</summary>
    public bool Turned(ModeMessage mode)
    {
        if (mode.Mode == ConversationMode.Counts)
        {
            IsLarge(mode.ConversationId, mode.Occupancy);
            return false;
        }

        HeardOf(mode.ConversationId);
        Set(mode.ConversationId, new() { ConversationId = mode.ConversationId, Mode = mode.Mode, Occupancy = mode.Occupancy });
        return true;
    }

    /// <summary>Everything was asked for at that moment and is answered: whoever is here by an older message alone, and in no answer, has left unheard.</summary>
    public void Settle(long asked)
    {
        foreach (var (id, user) in Users)
        {
            if (user.IsOnline && _cameAt[id] <= asked && !IsInAnAnswer(id))
            {
                Show(Gone(user), asked, ChangeCause.Resync);
            }
        }

        // Else a follower that runs for months would remember every guest there ever was.
        var departed = Users.Where(one => !one.Value.IsOnline && !IsInAnAnswer(one.Key)).Select(one => one.Key).ToList();
        foreach (var id in departed.OrderBy(id => _cameAt[id]).Take(departed.Count - MostDeparted).ToList())
        {
            Forget(id);
        }
    }

    private void IsLarge(string conversationId, Occupancy occupancy)
    {
        var unheard = HeardOf(conversationId).Clear();
        Set(conversationId, new() { ConversationId = conversationId, Mode = ConversationMode.Counts, Occupancy = occupancy });
        ForgetUnlessFollowed(unheard);
    }

    private Heard HeardOf(string conversationId)
    {
        if (!_conversations.TryGetValue(conversationId, out var heard))
        {
            _conversations[conversationId] = heard = new();
        }

        return heard;
    }

    /// <summary>A message that came after asking stands over the answer if its version is larger.</summary>
    private void Answered(PresenceView user, long? asked)
    {
        var isKnown = Users.TryGetValue(user.UserId, out var known);
        var stands = isKnown && known!.Version > user.Version && (asked is null || _cameAt[user.UserId] > asked);
        if (!stands)
        {
            Show(user, asked ?? _messages, ChangeCause.Resync);
        }
    }

    /// <summary>In a conversation of names nobody is missing who is in an answer, but whoever came by message alone may be in it as well.</summary>
    private bool IsInAnAnswer(string id) => _watched.ContainsKey(id) || _conversations.Values.Any(one => one.Users.ContainsKey(id));

    /// <summary>
    /// Of these nothing is heard any more, unless something else tells of them. Where no conversation is told of by names, nobody is heard of but
    /// those who are watched.
    /// </summary>
    private void ForgetUnlessFollowed(IEnumerable<string> ids)
    {
        var isHeard = Conversations.Values.Any(one => one.Mode != ConversationMode.Counts);
        foreach (var id in (isHeard ? ids : Users.Keys).Where(id => Users.ContainsKey(id) && !IsInAnAnswer(id)).ToList())
        {
            Forget(id);
        }
    }

    private void Forget(string id)
    {
        var from = Users[id];
        Users = Users.Remove(id);
        _cameAt.Remove(id);
        tell(new UserChanged(id, from, null, ChangeCause.Resync));
    }

    private void Show(PresenceView user, long cameAt, ChangeCause cause)
    {
        var before = Users.GetValueOrDefault(user.UserId);
        Users = Users.SetItem(user.UserId, user);
        _cameAt[user.UserId] = cameAt;

        // When somebody was active last changes without being a change.
        if (before is null || (before with { LastActiveAt = null, LastSeen = null }) != (user with { LastActiveAt = null, LastSeen = null }))
        {
            tell(new UserChanged(user.UserId, before, user, cause));
        }
    }

    private void Set(string conversationId, FollowedConversation? conversation)
    {
        if (Conversations.GetValueOrDefault(conversationId) != conversation)
        {
            Conversations = conversation is null ? Conversations.Remove(conversationId) : Conversations.SetItem(conversationId, conversation);
            tell(new ConversationChanged(conversationId, conversation));
        }
    }

    private static PresenceView Gone(PresenceView user) => user with
    {
        IsOnline = false, Status = PresenceStatus.Offline, Availability = Availability.Offline, Text = null, Emoji = null, Device = null,
    };

    /// <summary>The roster of a conversation, as of a version.</summary>
    private sealed class Heard
    {
        public Dictionary<string, PresenceView> Users { get; private set; } = new(StringComparer.Ordinal);

        public string Version { get; private set; } = "";

        public void Replace(IEnumerable<PresenceView> users, string version) =>
            (Users, Version) = (users.ToDictionary(user => user.UserId, StringComparer.Ordinal), version);

        public void Merge(IEnumerable<PresenceView> users, string version)
        {
            foreach (var user in users)
            {
                Users[user.UserId] = user;
            }

            Version = version;
        }

        /// <summary>Whom it named.</summary>
        public Dictionary<string, PresenceView>.KeyCollection Clear()
        {
            var named = Users.Keys;
            (Users, Version) = (new(StringComparer.Ordinal), "");
            return named;
        }
    }
}
