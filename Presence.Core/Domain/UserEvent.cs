using System.Collections.Immutable;
using System.Globalization;

namespace Presence.Core.Domain;

/// <summary>
/// What a change of a user is to those who follow the feed of events: as others see it, so that whoever is invisible goes offline and does
/// nothing more. Kept in the transaction of the change.
/// </summary>
/// <param name="Kind">What it tells above all.</param>
/// <param name="User">Of whom.</param>
/// <param name="Version">Rises strictly with each event of this user.</param>
/// <param name="At">When the change was decided, UTC; of a user who does not want its last activity known exactly, only the day, by its begin.</param>
public sealed record UserEvent(UserEventKind Kind, PresenceKey User, long Version, DateTimeOffset At)
{
    /// <summary>How others see the user since the change; null exactly for one who was erased.</summary>
    public PresenceView? View { get; init; }

    /// <summary>The conversations that the user is in since the change; the default one for want of any other, here or not. None for one who was erased.</summary>
    public ImmutableArray<string> Conversations { get; init; } = [];

    /// <summary>Those of them that it has come into.</summary>
    public ImmutableArray<string> Joined { get; init; } = [];

    /// <summary>Those that it was in until then.</summary>
    public ImmutableArray<string> Left { get; init; } = [];

    /// <summary>The same each time the event is told, and that of no other.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{User}/{Version}");
}
