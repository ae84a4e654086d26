using Presence.Core.Domain;
using Presence.Simulation.World;

namespace Presence.Simulation.Realtime;

/// <summary>What somebody who negotiated said, and when.</summary>
/// <param name="User">Who.</param>
/// <param name="Credentials">With which credentials.</param>
/// <param name="NegotiatedAt">When, by the clock of the instance that was asked.</param>
/// <param name="At">When, truly: at the earliest.</param>
/// <param name="ActiveAt">When the user was last active, by its client.</param>
/// <param name="Watched">Whom the connection watches.</param>
/// <param name="Device">Where the client runs.</param>
internal sealed record Negotiation(
    User User, Credentials Credentials, DateTimeOffset NegotiatedAt, TimeSpan At, DateTimeOffset? ActiveAt, IReadOnlyList<User> Watched, Device? Device);

/// <summary>A connection at the SignalR service, and what its client knows by it.</summary>
internal sealed class Connection(string id, Negotiation negotiation, TimeSpan openedAt)
{
    public string Id => id;

    public Negotiation Negotiation => negotiation;

    public User User => negotiation.User;

    public TimeSpan OpenedAt => openedAt;

    /// <summary>When it closed; null while it is open.</summary>
    public TimeSpan? ClosedAt { get; set; }

    public bool IsOpen => ClosedAt is null;

    /// <summary>When an instance said that it had dealt with its opening; null while none has.</summary>
    public TimeSpan? WelcomedAt { get; set; }

    /// <summary>When storage first named it as open; null if it never did, as where it came too late.</summary>
    public TimeSpan? AcceptedAt { get; set; }

    /// <summary>Whether its opening was told to no instance, or to one that died of it or could do nothing for half a minute.</summary>
    public bool IsUnheardOf { get; set; }

    /// <summary>When its user was first taken out since it opened, so that it is to be closed; null if it never was.</summary>
    public TimeSpan? OwedToCloseAt { get; set; }

    /// <summary>The groups it is in.</summary>
    public SortedSet<string> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>When it came into a group last, by group.</summary>
    public Dictionary<string, TimeSpan> EnteredAt { get; } = new(StringComparer.Ordinal);

    /// <summary>What its client knows of users: what was told last of each, by version.</summary>
    public Dictionary<string, PresenceView> Known { get; } = new(StringComparer.Ordinal);

    /// <summary>What its client knows of its own user: what was told last, by revision; null until it was.</summary>
    public OwnPresence? Own { get; private set; }

    /// <summary>Whether its client has been told who is here.</summary>
    public bool HasSnapshot { get; private set; }

    /// <summary>Its client is told something, and drops what is not newer than what it has.</summary>
    public void Receive(object argument)
    {
        switch (argument)
        {
            case OwnPresence own:
                Own = own.Revision < Own?.Revision ? Own : own;
                break;
            case PresenceView view:
                Learn(view);
                break;
            case IEnumerable<PresenceView> views:
                views.ToList().ForEach(Learn);
                break;
            case Snapshot snapshot:
                HasSnapshot = true;
                snapshot.Conversations.SelectMany(c => c.Users).Concat(snapshot.Users).ToList().ForEach(Learn);
                break;
            case LiveState or IEnumerable<LiveState> or LeftMessage:
                break;
            default:
                throw new InvalidOperationException($"A client was told {argument}.");
        }
    }

    private void Learn(PresenceView view)
    {
        if (!Known.TryGetValue(view.UserId, out var known) || view.Version > known.Version)
        {
            Known[view.UserId] = view;
        }
    }

    /// <summary>Whether this is what its user was told of one whom it is kept from seeing: that stays as it was then, whatever the other has chosen just before or since.</summary>
    public bool IsOfBlock(PresenceView view) => User.Commits.Count > 0
        && User.Commits[^1].After.Relations.Blocks.Any(b => b.Other.ToString() == view.UserId && b.Version == view.Version);
}
