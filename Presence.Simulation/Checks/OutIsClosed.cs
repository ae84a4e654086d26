using Presence.Simulation.Operations;
using Presence.Simulation.Storage;

namespace Presence.Simulation.Checks;

/// <summary>A sign-out, of a user or of a device, a revocation, a ban or setting offline by hand is answered when the connections are closed, where no service fails.</summary>
internal sealed class OutIsClosed : Check
{
    private readonly Dictionary<Operation, IReadOnlySet<string>> _taken = [];

    public override void OnCommitted(Commit commit)
    {
        if (commit.By is { } by && by.User == commit.User && commit is { Before.Online: { } online, After.Online: null })
        {
            _taken[by] = online.Connections.Open.Select(c => c.Id).ToHashSet();
        }
        else if (commit.By is { Kind: OperationKind.SignOutDevice } there)
        {
            _taken[there] = commit.Before.Connections.Open.Select(c => c.Id).Where(id => !commit.After.Connections.IsOpen(id)).ToHashSet();
        }
    }

    public override void OnAnswered(Operation operation)
    {
        if (operation is { Answer: Answer.Ok, StorageFailed: false, RealtimeFailed: false, Instance.HasTrouble: false }
            && operation.Kind is OperationKind.SignOut or OperationKind.SetOffline or OperationKind.Revoke or OperationKind.Erase or OperationKind.Ban
                or OperationKind.SignOutDevice
            && _taken.TryGetValue(operation, out var taken)
            && operation.User!.Connections.Find(c => c.IsOpen && taken.Contains(c.Id)) is { } connection)
        {
            Fail($"{operation.Name} of {operation.User.Name} is answered while {connection.Id} is open.");
        }
    }
}
