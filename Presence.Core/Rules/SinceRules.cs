using Presence.Core.Domain;
using Presence.Core.Options;

namespace Presence.Core.Rules;

/// <summary>
/// What has to be told to a viewer who knows how several users were a while ago. A change may be told twice, never missed.
/// </summary>
internal static class SinceRules
{
    /// <summary>What is older is answered as a whole: then most have changed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Clocks of instances differ, and a change is written a few seconds after it is decided.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether the viewer must be told all: it has been away for long, or has a version from a clock that is far ahead, or what it may see of others
    /// may have changed, as with its conversations.
    /// </summary>
    public static bool IsWhole(DateTimeOffset? since, UserRecords viewing, DateTimeOffset now) =>
        since is not { } known || known < now - Longest || known > now + Tolerance || MaySeeSince(viewing) >= Earliest(known);

    /// <summary>
    /// Whether the viewer must be told of a subject: it has changed, or may not be seen, or there is nothing to see of it. Those are told always:
    /// nobody is to find out by this what one does whom it may not see.
    /// </summary>
    public static bool IsTold(
        PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, DateTimeOffset since, PresenceOptions options) =>
        ChangedAt(seen) is var changed && (changed == 0 || changed >= Earliest(since))
        || !VisibilityRules.SeesAsItIs(viewer, viewing, subject, seen, options);

    /// <summary>
    /// When what others see of a user last changed, as they were told of it, in Unix milliseconds: with its status, what was chosen, and the
    /// conversations it is in. When it was last active says nothing of it while it is here.
    /// </summary>
    private static long ChangedAt(UserRecords records) => Math.Max(records.Version, records.Told.IsDefaultOrEmpty ? 0 : records.Told.Max());

    /// <summary>When what a user may see of others last changed, or later: all its own changes count, as conversations are among them.</summary>
    private static long MaySeeSince(UserRecords viewing) => Math.Max(viewing.Revision, viewing.Relations.ChangedAt?.ToUnixTimeMilliseconds() ?? 0);

    private static long Earliest(DateTimeOffset since) => (since - Tolerance).ToUnixTimeMilliseconds();
}
