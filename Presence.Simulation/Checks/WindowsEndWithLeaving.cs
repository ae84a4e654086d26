using Presence.Core.Domain;
using Presence.Simulation.Operations;

namespace Presence.Simulation.Checks;

/// <summary>
/// Whoever is gone, or away, and that by the instance that is asked, is recorded at once: only other instances may hold back calls of somebody
/// of whose leaving they do not know.
/// </summary>
internal sealed class WindowsEndWithLeaving : Check
{
    public override void OnAnswered(Operation operation)
    {
        if (operation is { Kind: OperationKind.Activity, Answer: Answer.Ok, IsThrottled: true }
            && operation.User!.Commits.LastOrDefault() is { IsOfSession: true, After.SessionStatus: not PresenceStatus.Online } left
            && left.By?.Instance == operation.Instance
            && left.By is { Answer: Answer.Ok, StorageFailed: false } by && by.AnsweredAt < operation.StartedAt)
        {
            Fail($"{operation.Name} of {operation.User.Name}, who is {left.After.SessionStatus} by the same instance, is throttled.");
        }
    }
}
