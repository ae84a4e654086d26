using Presence.Core.Domain;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>What there is to tell those who follow the feed of events, by what storage has changed: of each user, in the order of its changes.</summary>
internal sealed class OwedEvents
{
    private readonly Dictionary<User, List<OwedEvent>> _byUser = [];

    /// <summary>All users of whom there is anything to tell.</summary>
    public IEnumerable<User> Users => _byUser.Keys;

    /// <summary>All that there ever was to tell of a user.</summary>
    public IReadOnlyList<OwedEvent> Of(User user) => _byUser.TryGetValue(user, out var owed) ? owed : [];

    /// <summary>That under a version, or null.</summary>
    public OwedEvent? Find(User user, long version) => _byUser.TryGetValue(user, out var owed) ? owed.Find(one => one.Version == version) : null;

    /// <summary>What still has to be told in the end: whoever was erased needs to be told of nothing before that.</summary>
    public IEnumerable<OwedEvent> Lasting(User user) => Of(user) is var owed && owed.LastOrDefault(one => one.Kind == UserEventKind.Erased) is { } erased
        ? owed.SkipWhile(one => one != erased)
        : owed;

    /// <summary>A change; null where there is nothing to tell of it.</summary>
    public OwedEvent? Add(Commit commit)
    {
        if (KindOf(commit) is not { } kind)
        {
            return null;
        }

        var added = new OwedEvent(kind, commit);
        (_byUser.TryGetValue(commit.User, out var owed) ? owed : _byUser[commit.User] = []).Add(added);
        return added;
    }

    /// <summary>How a user looks, beside its status.</summary>
    public static (Availability Availability, string? Text, string? Emoji, string? Device) Shown(PresenceView view) =>
        (view.Availability, view.Text, view.Emoji, view.Device);

    private static UserEventKind? KindOf(Commit commit)
    {
        var (before, after) = (commit.Before.ViewOf(commit.User.Key), commit.After.ViewOf(commit.User.Key));
        return commit.After.Profile?.ErasedAt is { } at && at != commit.Before.Profile?.ErasedAt ? UserEventKind.Erased
            : before.Status != after.Status ? UserEventKind.Status
            : Shown(before) != Shown(after) || (commit.Before.Privacy != commit.After.Privacy && before.Version != after.Version) ? UserEventKind.Availability
            : !commit.Before.Conversations.SequenceEqual(commit.After.Conversations) ? UserEventKind.Membership
            : null;
    }
}

/// <summary>Something to tell of a user.</summary>
/// <param name="kind">What above all.</param>
/// <param name="commit">The change.</param>
internal sealed class OwedEvent(UserEventKind kind, Commit commit)
{
    public UserEventKind Kind => kind;

    public User User => commit.User;

    public long Version { get; } = commit.After.Revision;

    /// <summary>The records before it.</summary>
    public UserRecords Before => commit.Before;

    /// <summary>The records since then.</summary>
    public UserRecords After => commit.After;

    /// <summary>When storage made the change.</summary>
    public TimeSpan At => commit.At;
}
