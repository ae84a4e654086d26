using Presence.Simulation.Operations;

namespace Presence.Simulation.Checks;

/// <summary>However the SignalR service does, no call waits longer than 2 s for it; and none waits for ever.</summary>
internal sealed class CallsDoNotWait : Check
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2.1);

    public override void OnAnswered(Operation operation)
    {
        if (operation is { Answer: Answer.Ok, IsThrottled: false }
            && operation.Kind is OperationKind.Activity or OperationKind.SignOut or OperationKind.SetOnline or OperationKind.SetOffline
                or OperationKind.Join or OperationKind.Leave
                or OperationKind.ChoosePrivacy or OperationKind.SignOutDevice or OperationKind.ChangeDevice or OperationKind.AllowIn
                or OperationKind.Choose or OperationKind.ChooseFor or OperationKind.Ban or OperationKind.Lift
            && !(operation.Instance.LastFrozenUntil > operation.StartedAt)
            && !SharesFlight(operation)
            && operation.AnsweredAt - operation.StartedAt > operation.WaitedForStorage + Longest)
        {
            Fail($"{operation.Name} took {(operation.AnsweredAt - operation.StartedAt)?.TotalSeconds:F3} s.");
        }

        if (operation.Answer == Answer.Broken)
        {
            Fail($"{operation.Name} failed in a way nobody foresaw.");
        }
    }

    /// <summary>Calls of one user that arrive together wait for the first of them.</summary>
    private static bool SharesFlight(Operation operation) => operation.Kind == OperationKind.Activity
        && operation.User!.Operations.Exists(o => o != operation && o.Kind == OperationKind.Activity && o.Instance == operation.Instance
            && o.StartedAt <= operation.AnsweredAt && !(o.AnsweredAt < operation.StartedAt));
}
