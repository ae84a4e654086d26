using Presence.Simulation.Operations;

namespace Presence.Simulation.World;

/// <summary>
/// What the backend has said of who may see whom, and what follows from that and from conversations: the model by which the real rules are
/// judged. It knows what is sure, and what may be, for a call under way may be done or not.
/// </summary>
internal sealed class RelationBook(Settings settings, IReadOnlyList<string> conversations)
{
    private readonly Dictionary<RelationKey, Relation> _relations = [];

    /// <summary>The relation of two who are not to see each other, whoever of them is named first.</summary>
    public Relation Block(User one, User two) =>
        string.CompareOrdinal(one.Name, two.Name) < 0 ? Of(new(OperationKind.Block, one, two, null)) : Of(new(OperationKind.Block, two, one, null));

    /// <summary>Of a user and of a conversation with whose members it is not to see one another.</summary>
    public Relation BlockIn(User user, string conversation) => Of(new(OperationKind.BlockIn, user, null, conversation));

    /// <summary>Of a user and of another who may see it.</summary>
    public Relation Allow(User user, User viewer) => Of(new(OperationKind.Allow, user, viewer, null));

    /// <summary>Of a user and of a conversation whose members may see it.</summary>
    public Relation AllowIn(User user, string conversation) => Of(new(OperationKind.AllowIn, user, null, conversation));

    /// <summary>The relation of this key.</summary>
    public Relation Of(RelationKey key) => _relations.TryGetValue(key, out var relation) ? relation : _relations[key] = new();

    /// <summary>All that name a user.</summary>
    public IEnumerable<Relation> Naming(User user) => _relations.Where(r => r.Key.Names(user)).Select(r => r.Value);

    /// <summary>Since when two do not see each other for sure, because of one of them or of a conversation; null where that is not sure.</summary>
    public TimeSpan? HiddenSince(User one, User two) => Earliest(
    [
        Block(one, two).HoldsSince,
        .. conversations.Select(c => Latest(BlockIn(one, c).HoldsSince, JoinedAt(two, c))),
        .. conversations.Select(c => Latest(BlockIn(two, c).HoldsSince, JoinedAt(one, c))),
    ]);

    /// <summary>Whether two may be kept from seeing each other at the moment, or a call about that is under way.</summary>
    public bool MayBeHidden(User one, User two) => Block(one, two).EndedAt is null
        || conversations.Any(c => (BlockIn(one, c).EndedAt is null && LeftAt(two, c) is null) || (BlockIn(two, c).EndedAt is null && LeftAt(one, c) is null));

    /// <summary>Since when a viewer has for sure no reason to see a user: no conversation in common, and not allowed; null where it may have one.</summary>
    public TimeSpan? StrangerSince(User viewer, User user)
    {
        TimeSpan? latest = TimeSpan.Zero;
        foreach (var conversation in conversations)
        {
            latest = Latest(latest, Earliest([LeftAt(viewer, conversation), LeftAt(user, conversation)]));
            latest = Latest(latest, Earliest([LeftAt(viewer, conversation), AllowIn(user, conversation).EndedAt]));
        }

        if (settings.Presence.DefaultConversation is { Length: > 0 } fallback)
        {
            latest = Latest(latest, Earliest([ElsewhereSince(viewer), ElsewhereSince(user)]));
            latest = Latest(latest, Earliest([ElsewhereSince(viewer), AllowIn(user, fallback).EndedAt]));
        }

        return Latest(latest, Allow(user, viewer).EndedAt);
    }

    /// <summary>Since when a user is in a conversation for sure.</summary>
    public TimeSpan? JoinedAt(User user, string conversation) =>
        conversation == settings.Presence.DefaultConversation ? null : user.Memberships.GetValueOrDefault(conversation)?.JoinedAt;

    /// <summary>Since when a user is not in a conversation for sure.</summary>
    private static TimeSpan? LeftAt(User user, string conversation) =>
        user.Memberships.TryGetValue(conversation, out var membership) ? membership.RemovedAt : TimeSpan.Zero;

    /// <summary>Since when a user is for sure in some conversation, and so not in the default one.</summary>
    private TimeSpan? ElsewhereSince(User user) => Earliest([.. conversations.Select(c => JoinedAt(user, c))]);

    private static TimeSpan? Latest(TimeSpan? one, TimeSpan? two) => one is { } a && two is { } b ? (a > b ? a : b) : null;

    private static TimeSpan? Earliest(IReadOnlyList<TimeSpan?> moments) => moments.Min();
}
