using Presence.Simulation.Operations;
using Presence.Simulation.Storage;

namespace Presence.Simulation.Checks;

/// <summary>A sign-out, a revocation or setting offline by hand is answered when the connections are closed, where no service fails.</summary>
internal sealed class OutIsClosed : Check
{
    private readonly HashSet<Operation> _took = [];

    public override void OnCommitted(Commit commit)
    {
        if (commit.By is { } by && by.User == commit.User && commit is { Before.Online: not null, After.Online: null })
        {
            _took.Add(by);
        }
    }

    public override void OnAnswered(Operation operation)
    {
        if (operation is not { Answer: Answer.Ok, StorageFailed: false, RealtimeFailed: false, Instance.HasTrouble: false }
            || operation.Kind is not (OperationKind.SignOut or OperationKind.SetOffline or OperationKind.Revoke or OperationKind.Erase)
            || !_took.Contains(operation))
        {
            return;
        }

        foreach (var connection in operation.User!.Connections.Where(c => c.IsOpen && c.WelcomedAt < operation.StartedAt && c.OwedToCloseAt >= operation.StartedAt))
        {
            Fail($"{operation.Name} of {operation.User.Name} is answered while {connection.Id} is open.");
        }
    }
}
