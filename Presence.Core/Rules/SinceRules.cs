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

    /// <summary>Clocks of instances differ, and a change is written up to 18 s after it is decided, where it is one of many.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the viewer must be told all: it has been away for long, or has a version from a clock that is far ahead, or what it may see of others
    /// may have changed, as with its conversations.
    /// </summary>
    public static bool IsWhole(DateTimeOffset? since, UserRecords viewing, DateTimeOffset now) =>
        since is not { } known || known < now - Longest || known > now + Tolerance || SightChangedAt(viewing) >= Earliest(known);

    /// <summary>
    /// Whether the viewer must be told of a subject: it has changed, or may not be seen, or there is nothing to see of it. Those are told always:
    /// nobody is to find out by this what one does whom it may not see. One that has left for the viewer alone is told as one that has left.
    /// </summary>
    public static bool IsTold(
        PresenceKey viewer, UserRecords viewing, PresenceKey subject, UserRecords seen, DateTimeOffset since, PresenceOptions options) =>
        (VisibilityRules.SeesAsItIs(viewer, viewing, subject, seen, options)
            ? ChangedAt(seen)
            : VisibilityRules.View(viewer, viewing, subject, seen, options).Version) is var changed
        && (changed == 0 || changed >= Earliest(since));

    /// <summary>
    /// When what others see of a user last changed, as they were told of it, or who sees it, in Unix milliseconds: with its status, what was
    /// chosen, and the conversations it is in. When it was last active says nothing of it while it is here. 0 for one of whom nothing was ever told.
    /// </summary>
    private static long ChangedAt(UserRecords records) =>
        Math.Max(records.Version, records.Told.IsDefaultOrEmpty ? 0 : records.Told.Max()) is > 0 and var told ? Math.Max(told, SightChangedAt(records)) : 0;

    private static long SightChangedAt(UserRecords records) => records.Relations.ChangedAt?.ToUnixTimeMilliseconds() ?? 0;

    private static long Earliest(DateTimeOffset since) => (since - Tolerance).ToUnixTimeMilliseconds();
}
