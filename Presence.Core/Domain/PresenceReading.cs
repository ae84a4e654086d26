using System.Collections.Immutable;
using System.Globalization;

namespace Presence.Core.Domain;

/// <summary>Several users as they were read together.</summary>
/// <param name="Users">All that were asked for, or those of them that have changed.</param>
/// <param name="Version">The version of the answer: with it a client asks for what has changed since.</param>
/// <param name="IsComplete">Whether these are all that were asked for.</param>
public sealed record PresenceReading(ImmutableArray<PresenceView> Users, string Version, bool IsComplete)
{
    /// <summary>The version of what is read from the moment given on.</summary>
    public static string VersionOf(DateTimeOffset began) => began.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>When what had a version was read.</summary>
    /// <exception cref="InvalidInputException">It is none of ours.</exception>
    public static DateTimeOffset ParseVersion(string version, string field) =>
        version.Length <= 14 && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new InvalidInputException(field, "must be the version of an earlier answer");
}
