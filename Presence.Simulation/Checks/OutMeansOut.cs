using Presence.Simulation.Operations;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// Only what a person does brings somebody back, and after a sign-out only what began after it: no call from before, no connection
/// negotiated before or with credentials from before, no sweep. Erased users come back by newer credentials alone.
/// </summary>
internal sealed class OutMeansOut(Settings settings) : Check
{
    private readonly Dictionary<User, Commit> _out = [];
    private readonly HashSet<User> _joinedSince = [];

    public override void OnCommitted(Commit commit)
    {
        if (commit.By is not { } by)
        {
            return;
        }

        if (commit.After.Online is null && commit.By.User == commit.User
            && by.Kind is OperationKind.SignOut or OperationKind.SetOffline or OperationKind.Revoke or OperationKind.Erase or OperationKind.Ban
            && !IsOverAlready(commit, by) && !HasMissed(commit) && !IsBeforeErasing(commit, by))
        {
            _out[commit.User] = commit;
            _joinedSince.Remove(commit.User);
        }

        if (HasMissedErasure(commit))
        {
            _out.Remove(commit.User);
        }

        if (commit is { Before.Profile.ErasedAt: not null, After: { Online: null, Profile.ErasedAt: null } } && by.Kind is OperationKind.Join or OperationKind.Block
            or OperationKind.BlockIn or OperationKind.Allow or OperationKind.AllowIn)
        {
            // Of whom the backend says something, a conversation or who may see whom, is a user again, and merely signed out.
            _joinedSince.Add(commit.User);
        }

        if (commit.Before.Online is not null || commit.After.Online is null)
        {
            return;
        }

        if (by.Kind is OperationKind.Held or OperationKind.Stop && !_out.ContainsKey(commit.User))
        {
            // Taken for gone while storage was out, although it was active.
            return;
        }

        if (by.User != commit.User || by.Kind is not (OperationKind.Activity or OperationKind.Connected or OperationKind.SetOnline))
        {
            Fail($"{by.Name} brings {commit.User.Name} back.");
        }
        else if (_out.Remove(commit.User, out var left) && IsFromBefore(by, commit, left) is { } reason)
        {
            Fail($"{by.Name} brings {commit.User.Name} back, who was out since {left.At.TotalSeconds:F3}: {reason}.");
        }
    }

    /// <summary>Nobody knew the user yet when an erasure looked, and its first call, or what was said of it, was written before that was: so it met nothing of both.</summary>
    private static bool HasMissed(Commit commit) => commit.By!.Kind == OperationKind.Erase && commit.Before == default
        && commit.User.Commits is [.., { After: { Online: not null } or { Profile: { ErasedAt: null } } }, _];

    /// <summary>Nobody knew the user yet when its first call, or what was said of it, looked, and the erasure was over when that was written: so it met nothing of both.</summary>
    private bool HasMissedErasure(Commit commit) => commit.Before == default && commit.By!.Kind != OperationKind.Erase
        && _out.TryGetValue(commit.User, out var left) && left.After.Profile?.ErasedAt is not null && commit.DecidedAt < left.At;

    /// <summary>What is said of a user and others ends first; it is out when it is erased.</summary>
    private static bool IsBeforeErasing(Commit commit, Operation by) => by.Kind == OperationKind.Erase && commit.After.Profile?.ErasedAt is null;

    /// <summary>Whether a ban came too late to be one.</summary>
    private static bool IsOverAlready(Commit commit, Operation by) => by.Kind == OperationKind.Ban && commit.After.Profile?.BannedUntil != by.Until;

    private string? IsFromBefore(Operation by, Commit commit, Commit left)
    {
        // As far as clocks agree: the sign-out by one, what comes after by another.
        var before = left.DecidedAt - settings.Apart - TimeSpan.FromMilliseconds(1);
        var isErased = left.After.Profile?.ErasedAt is not null;
        var wasJoinedSince = isErased && _joinedSince.Contains(left.User);
        return by.Kind switch
        {
            OperationKind.Activity when by.StartedAt < before => "the call began before",
            OperationKind.Activity when left.By!.Kind == OperationKind.Revoke && by.Credentials?.At < before - TimeSpan.FromSeconds(1) => "its credentials were revoked",
            OperationKind.Activity when isErased && !wasJoinedSince && by.Credentials?.At < before - TimeSpan.FromSeconds(1) => "its credentials are older",
            OperationKind.Connected when by.Connection!.Negotiation.At < before => "it was negotiated before",
            OperationKind.Connected when !wasJoinedSince && by.Connection!.Negotiation.At > left.At
                && by.Connection.Negotiation.Credentials.At < before - TimeSpan.FromSeconds(1) => "its credentials are older",
            _ => null,
        };
    }
}
