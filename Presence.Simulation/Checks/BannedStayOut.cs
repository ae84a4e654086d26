using Presence.Simulation.Operations;
using Presence.Simulation.Storage;
using Presence.Simulation.Time;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>
/// From the moment at which a ban is kept to its end, as far as clocks agree on that, or until it is lifted, its user is not here, whoever does
/// whatever; and once it is answered, it is kept.
/// </summary>
internal sealed class BannedStayOut(Settings settings) : Check
{
    private readonly Dictionary<User, DateTimeOffset> _until = [];

    public override void OnCommitted(Commit commit)
    {
        if (commit is { By: { Kind: OperationKind.Ban or OperationKind.Lift } by } && by.User == commit.User)
        {
            _until[commit.User] = by.Until ?? DateTimeOffset.MinValue;
        }

        if (IsBanned(commit.User, commit.At) && (commit.After.Online is not null || commit.After.Profile?.BannedUntil != _until[commit.User]))
        {
            Fail($"{commit.By?.Name} changes {commit.User.Name}, who is banned until {Seconds(commit.User)}, so that it is not.");
        }
    }

    public override void OnAnswered(Operation operation)
    {
        if (operation is { Kind: OperationKind.Ban, Answer: Answer.Ok, User: { } user }
            && operation.Until > VirtualTime.Start + operation.AnsweredAt + settings.Apart
            && _until.GetValueOrDefault(user) != operation.Until)
        {
            Fail($"{operation.Name} of {user.Name} is answered, who is not banned.");
        }
    }

    private bool IsBanned(User user, TimeSpan at) => _until.TryGetValue(user, out var until) && until > VirtualTime.Start + at + settings.Apart;

    private string Seconds(User user) => FormattableString.Invariant($"{(_until[user] - VirtualTime.Start).TotalSeconds:F3}");
}
