using Presence.Core.Domain;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>Whoever drops what is not newer than what it has ends right: each change that others see has a larger version than all before.</summary>
/// <remarks>An erased user's version is forgotten with it: then clocks that differ may give a smaller one.</remarks>
internal sealed class VersionsRise(Settings settings) : Check
{
    private readonly Dictionary<User, long> _highest = [];

    public override void OnCommitted(Commit commit)
    {
        var highest = _highest.GetValueOrDefault(commit.User);
        if (Shown(commit.After) != Shown(commit.Before) && commit.After.Version <= highest)
        {
            Fail($"{commit.User.Name} becomes {Shown(commit.After)} with version {commit.After.Version}; there was {highest} before.");
        }
        else if (commit.After.Version < commit.Before.Version && commit.After.Profile?.ErasedAt is null)
        {
            Fail($"the version of {commit.User.Name} falls from {commit.Before.Version} to {commit.After.Version}.");
        }

        if (commit.After.Profile?.ErasedAt is not null && settings.Skew > 0)
        {
            _highest.Remove(commit.User);
            return;
        }

        _highest[commit.User] = Math.Max(highest, commit.After.Version);
    }

    private static (Availability Availability, string? Text, bool IsMobile) Shown(UserRecords records) =>
        (records.Appearance.Availability, records.Appearance.Text, records.Appearance.IsMobile);
}
