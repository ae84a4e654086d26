using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Storage;

namespace Presence.Simulation.Checks;

/// <summary>What a user lets others know is kept once it is answered, and changes by nothing but the user's own word, or by erasing it.</summary>
internal sealed class PrivacyIsKept : Check
{
    public override void OnCommitted(Commit commit)
    {
        if (commit.Before.Privacy != commit.After.Privacy
            && !(commit.By is { Kind: OperationKind.ChoosePrivacy } by && by.User == commit.User && Stands(by, commit.After)
                && (by.IsHidden is not null || commit.Before.Privacy.IsHidden == commit.After.Privacy.IsHidden)
                && (by.LastSeen is not null || commit.Before.Privacy.LastSeen == commit.After.Privacy.LastSeen))
            && !(commit.After.Privacy == Privacy.Default && commit.After.Profile?.ErasedAt is not null))
        {
            Fail($"{commit.By?.Name} makes of the privacy {commit.Before.Privacy} of {commit.User.Name} {commit.After.Privacy}.");
        }
    }

    public override void OnAnswered(Operation operation)
    {
        if (operation is { Answer: Answer.Ok, Kind: OperationKind.ChoosePrivacy, User: { } user })
        {
            var asOf = user.Commits.FindLastIndex(c => c.At <= operation.StartedAt);
            if (!(asOf < 0 && Stands(operation, default)) && !user.Commits.Skip(Math.Max(asOf, 0)).Any(c => Stands(operation, c.After)))
            {
                Fail($"{operation.Name} of {user.Name} is answered, and is nowhere.");
            }
        }
    }

    private static bool Stands(Operation choosing, UserRecords records) => records.Profile?.ErasedAt is not null
        || ((choosing.IsHidden ?? records.Privacy.IsHidden) == records.Privacy.IsHidden
            && (choosing.LastSeen ?? records.Privacy.LastSeen) == records.Privacy.LastSeen);
}
