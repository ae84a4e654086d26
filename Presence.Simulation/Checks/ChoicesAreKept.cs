using Presence.Core.Domain;
using Presence.Simulation.Operations;
using Presence.Simulation.Storage;

namespace Presence.Simulation.Checks;

/// <summary>
/// A choice is there once it is answered, and stays, here or not, until another takes its place, its end comes, or its user is erased. Of an
/// erased user none is kept.
/// </summary>
internal sealed class ChoicesAreKept : Check
{
    public override void OnCommitted(Commit commit)
    {
        Look(commit, OperationKind.Choose, commit.Before.Choice, commit.After.Choice);
        Look(commit, OperationKind.ChooseFor, commit.Before.ApplicationChoice, commit.After.ApplicationChoice);
    }

    public override void OnAnswered(Operation operation)
    {
        if (operation is { Answer: Answer.Ok, Kind: OperationKind.Choose or OperationKind.ChooseFor, User: { } user } && !WasKept(operation, user.Commits))
        {
            Fail($"{operation.Name} of {user.Name} is answered, and {Text(operation.Choice)} is nowhere.");
        }
    }

    /// <summary>Whether at some moment from the beginning to the answer the records had the choice, or were of an erased user.</summary>
    private static bool WasKept(Operation choosing, List<Commit> commits)
    {
        var asOf = commits.FindLastIndex(c => c.At <= choosing.StartedAt);
        return asOf < 0 && Stands(choosing, default) || commits.Skip(Math.Max(asOf, 0)).Any(c => Stands(choosing, c.After));
    }

    private static bool Stands(Operation choosing, UserRecords records) => records.Profile?.ErasedAt is not null
        || IsChoice(choosing, choosing.Kind == OperationKind.Choose ? records.Choice : records.ApplicationChoice, choosing.AnsweredAt!.Value);

    private void Look(Commit commit, OperationKind kind, Choice? before, Choice? after)
    {
        if (before != after
            && !(commit.By is { } by && by.Kind == kind && by.User == commit.User && IsChoice(by, after, commit.At))
            && !(after is null && commit.By is { } ending && before!.Until <= Truth.ByClockOf(ending.Instance, commit.At))
            && !(after is null && (commit.After == default || commit.After.Profile?.ErasedAt is not null)))
        {
            Fail($"{commit.By?.Name} makes of the choice {Text(before)} of {commit.User.Name} {Text(after)}.");
        }
    }

    /// <summary>What says nothing, or is over when it comes, is no choice.</summary>
    private static bool IsChoice(Operation choosing, Choice? choice, TimeSpan at) => choice == choosing.Choice
        || (choice is null && (choosing.Choice is { Availability: ChosenAvailability.Automatic, Text: null }
            || choosing.Choice?.Until <= Truth.ByClockOf(choosing.Instance, at)));

    private static string Text(Choice? choice) => choice?.ToString() ?? "nothing";
}
