using System.Collections.Immutable;

namespace Presence.Core.Ports;

/// <summary>How many users of one kind have one status.</summary>
/// <param name="Kind"><c>registered</c> or <c>anonymous</c>.</param>
/// <param name="Status"><c>online</c> or <c>away</c>.</param>
/// <param name="Users">How many.</param>
public sealed record CensusCount(string Kind, string Status, long Users);

/// <summary>Who was here at one moment.</summary>
/// <param name="TakenAt">When the counting began, UTC.</param>
/// <param name="Online">Registered users who were online.</param>
/// <param name="Away">Registered users who were away.</param>
/// <param name="OnlineAnonymous">Anonymous participants who were online.</param>
/// <param name="AwayAnonymous">Anonymous participants who were away.</param>
public sealed record Census(DateTimeOffset TakenAt, long Online, long Away, long OnlineAnonymous, long AwayAnonymous)
{
    /// <summary>The same by kind and status.</summary>
    public ImmutableArray<CensusCount> Counts =>
    [
        new("registered", "online", Online),
        new("registered", "away", Away),
        new("anonymous", "online", OnlineAnonymous),
        new("anonymous", "away", AwayAnonymous),
    ];
}
