using Presence.Core.Domain;
using Presence.Simulation.Storage;

namespace Presence.Simulation.Checks;

/// <summary>
/// Others see of a user what it has chosen while it is here; where it has chosen nothing, the most that its sessions and the application say, in
/// the order away, available, busy, do not disturb; and of one who is not here, or hides, nothing, whatever is chosen.
/// </summary>
internal sealed class SeenAsChosen : Check
{
    private static readonly Availability[] LeastFirst = [Availability.Away, Availability.Available, Availability.Busy, Availability.DoNotDisturb];

    public override void OnCommitted(Commit commit)
    {
        var (seen, expected) = (commit.After.ViewOf(commit.User.Key), Expected(commit.After));
        if (seen.Availability != expected)
        {
            Fail($"{commit.User.Name} is seen as {seen.Availability}, and should be as {expected}.");
        }

        var text = expected == Availability.Offline ? null : commit.After.Choice?.Text ?? commit.After.ApplicationChoice?.Text;
        if (seen.Text != text)
        {
            Fail($"{commit.User.Name} says '{seen.Text}', and should say '{text}'.");
        }
    }

    private static Availability Expected(UserRecords records)
    {
        if (records.Online is not { } online || records.Choice?.Availability == ChosenAvailability.Invisible || records.Privacy.IsHidden)
        {
            return Availability.Offline;
        }

        var sessions = online.Status == PresenceStatus.Away ? Availability.Away : Availability.Available;
        return Meant(records.Choice)
            ?? (Meant(records.ApplicationChoice) is { } meant && Array.IndexOf(LeastFirst, meant) > Array.IndexOf(LeastFirst, sessions) ? meant : sessions);
    }

    private static Availability? Meant(Choice? choice) =>
        choice is null || choice.Availability == ChosenAvailability.Automatic ? null : Enum.Parse<Availability>(choice.Availability.ToString());
}
