using Presence.Core.Domain;

namespace Presence.Tests.Contract;

/// <summary>Every message that clients are sent.</summary>
internal static class Messages
{
    private const string ThoseWhoMaySee = "The members of the user's conversations, other than large ones, and those who watch it; of these, who may see it.";

    private const string OlderIsDropped = "Dropped where its `version` is not larger than the one known of the user; but where it says `joined`, the user is in that conversation from now on. A client that shares two conversations with the user is told twice, with the same version.";

    public static IReadOnlyList<Message> All { get; } =
    [
        new(ClientMethod.UserStatus, typeof(PresenceView), "One user's presence has changed.", ThoseWhoMaySee, OlderIsDropped),
        new(ClientMethod.UserStatusBatch, typeof(PresenceView[]), "The presence of several has changed, where that falls together.", ThoseWhoMaySee, "As so many single ones."),
        new(
            ClientMethod.Snapshot,
            typeof(Snapshot),
            "What a client that begins to listen has not been told: who is in its conversations, and the users that it watches.",
            "A connection on connecting, and the connections of a user on entering a conversation.",
            "Replaces what is known of the conversations it names. Where `isComplete` is false, the roster route has the rest. A client that has none 10 s after it has connected connects again."),
        new(
            ClientMethod.Counts,
            typeof(CountsMessage),
            "How many are in a large conversation, and here.",
            "The members of a conversation of more than `LargeConversation` members, instead of `user:status`.",
            "Replaces the counts shown."),
        new(
            ClientMethod.Mode,
            typeof(ModeMessage),
            "A conversation has become large, or is not any more.",
            "The members of the conversation.",
            "With `counts` the client shows counts from now on; with `names` it reads the roster again. Either comes to all at once: wait for a random time first."),
        new(
            ClientMethod.Left,
            typeof(LeftMessage),
            "The user is in a conversation no more.",
            "All connections of the user.",
            "Forgets the conversation, and whom it knows by it alone, unless a snapshot that comes later names it."),
        new(
            ClientMethod.State,
            typeof(LiveState),
            "What a member of a conversation shows of itself for a moment.",
            "The members of the conversation, its own connections among them.",
            "Shown for `ttlSeconds` from the moment at which it came, unless another comes before. Dropped where its `version`, of a sequence of its own, is not larger than the one known of the user."),
        new(ClientMethod.StateBatch, typeof(LiveState[]), "What several members show.", "The members of the conversation.", "As so many single ones."),
        new(
            ClientMethod.Me,
            typeof(OwnPresence),
            "What was chosen for the user itself.",
            "All connections of the user.",
            "Of several, and of answers, the one with the largest `revision` is the newest."),
    ];
}
