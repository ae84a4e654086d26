using Presence.Simulation.Operations;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>A connected event that comes after the disconnected event of its connection, or once more, opens nothing.</summary>
internal sealed class LateEventsOpenNothing(Settings settings) : Check
{
    public override void OnCommitted(Commit commit)
    {
        if (commit.By is not { Kind: OperationKind.Connected, Connection: { } connection } by || by.User != commit.User
            || commit.Before.Connections.IsOpen(connection.Id) || !commit.After.Connections.IsOpen(connection.Id))
        {
            return;
        }

        // Which connections have closed is remembered for a while, of a user who is known, and forgotten when the user is erased.
        var since = commit.DecidedAt - settings.Presence.ConnectionCheckAfter + settings.Apart + TimeSpan.FromSeconds(1);
        var wasErased = commit.User.Commits.Exists(c => c.After.Profile?.ErasedAt is not null && c.At > connection.OpenedAt);
        if (!wasErased && commit.User.Operations.Find(o => o is { Kind: OperationKind.Disconnected, Answer: Answer.Ok }
            && o.Connection == connection && o.StartedAt > since && o.AnsweredAt < commit.DecidedAt
            && commit.User.Commits.LastOrDefault(c => c.At < o.StartedAt) is { After.Profile.ErasedAt: null }) is { } closed)
        {
            Fail($"{connection.Id} of {commit.User.Name} is taken for open after {closed.Name}.");
        }
    }
}
