using Presence.Core.Domain;
using Presence.Simulation.Realtime;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// One who turns invisible is to others as one who signs out at that moment: told offline, once, last seen at the last activity before. From
/// then on, until it can be seen again, neither its records nor what is owed, told, or in a roster says anything else or newer of it. What is
/// older is on its way, and is told no more after a while; <see cref="SnapshotsAreNoOlder"/> says what snapshots may show, and
/// <see cref="NothingIsLeft"/> what is in rosters in the end.
/// </summary>
internal sealed class UnseenAreGone(Surroundings world) : Check
{
    /// <summary>What was just being told, by an instance that may have stood still meanwhile.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(20);

    private readonly Dictionary<User, (PresenceView View, long Latest, TimeSpan Since)> _unseen = [];

    public override void OnCommitted(Commit commit)
    {
        var (user, before, after) = (commit.User, AsTold(commit.Before.ViewOf(commit.User.Key)), AsTold(commit.After.ViewOf(commit.User.Key)));
        var isUnseen = _unseen.TryGetValue(user, out var unseen);
        if (after.IsOnline || commit.After.Profile?.ErasedAt is not null || commit.After == default)
        {
            _unseen.Remove(user);
            return;
        }

        if (!isUnseen && commit.After.Online is { Choice.Availability: ChosenAvailability.Invisible })
        {
            isUnseen = true;
            var view = before.IsOnline ? AsOneWhoSignsOut(commit, after.Version) : before;
            unseen = _unseen[user] = (view, Math.Max(view.Version, user.Commits.Max(c => c.After.Version)), commit.At);
        }

        if (!isUnseen)
        {
            return;
        }

        if (commit.Before.Privacy != commit.After.Privacy && !before.IsOnline)
        {
            // What it lets others know of times is told anew.
            _unseen[user] = (after, Math.Max(after.Version, unseen.Latest), commit.At);
            return;
        }

        if (after != unseen.View)
        {
            Fail($"{user.Name}, who is not to be seen, becomes {after}, and should stay {unseen.View}.");
        }

        if (commit.Owed?.Duty is { } duty && !(before.IsOnline && commit.At == unseen.Since) && duty.News is { IsOfJoining: false })
        {
            Fail($"news is owed of {user.Name}, who is not to be seen.");
        }

        if (commit.Owed?.Duty.Roster is { } roster && AsTold(roster.View) != (commit.After.Privacy.IsHidden ? Core.Rules.VisibilityRules.Unknown(user.Key) : unseen.View))
        {
            Fail($"rosters are to say of {user.Name}, who is not to be seen, {roster.View}, and should {unseen.View}.");
        }
    }

    /// <remarks>That it has come into a conversation is told of whoever comes, here or not.</remarks>
    public override void OnSent(Sent sent)
    {
        foreach (var view in sent.News.Select(view => view with { Joined = null }))
        {
            Look(view, sent.At, mayBeOlderFor: OnItsWay);
        }

        if (sent.Argument is Snapshot snapshot)
        {
            foreach (var view in snapshot.Conversations.SelectMany(c => c.Users).Concat(snapshot.Users).Where(view => !sent.Receivers.Any(r => r.IsOfBlock(view))))
            {
                Look(view, sent.At, mayBeOlderFor: TimeSpan.MaxValue);
            }
        }
    }

    /// <remarks>Erasing forgets the version: news of before then has a larger one than what is known now, and is told as it was.</remarks>
    private void Look(PresenceView told, TimeSpan at, TimeSpan mayBeOlderFor)
    {
        if (_unseen.TryGetValue(world.Population.Find(told.UserId), out var unseen)
            && (told.Version > unseen.Latest
                || (told.Version == unseen.View.Version ? told != unseen.View && told != unseen.View.Untimed()
                    : unseen.View.Version == unseen.Latest && told.IsOnline && at - unseen.Since > mayBeOlderFor)))
        {
            Fail($"{told} is told of one who is {unseen.View} to others since {unseen.Since.TotalSeconds:F3}.");
        }
    }

    /// <summary>What others are told, without what is kept beside it.</summary>
    private static PresenceView AsTold(PresenceView view) => view.At(Time.VirtualTime.Start);

    private static PresenceView AsOneWhoSignsOut(Commit commit, long version) => AsTold((commit.Before.ViewOf(commit.User.Key) with
    {
        Status = PresenceStatus.Offline,
        Text = null,
        Device = null,
        LastActiveAt = commit.After.Online!.LastActiveAt,
        LastSeenAt = commit.After.Online.LastActiveAt,
        Version = version,
    }).As(commit.After.Privacy.IsHidden ? LastSeenPrecision.Nobody : commit.After.Privacy.LastSeen));
}
