using System.Collections.Immutable;

namespace Presence.Core.Domain;

/// <summary>
/// What all users together did on one day (UTC), as others could see it. Counts are exact; it holds no user, so what was summed up of one who is erased later
/// stays. A user is active on a day on which it was shown as here for a moment, whenever that session began or ended.
/// </summary>
public sealed record DaySummary
{
    /// <summary>Into so many parts a day falls: a quarter of an hour each, of which the offset of every time zone in use is a multiple.</summary>
    public const int Quarters = 96;

    /// <summary>The day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Registered users who were active on it.</summary>
    public required int Users { get; init; }

    /// <summary>Anonymous participants who were.</summary>
    public required int Guests { get; init; }

    /// <summary>Registered users who were active on it or one of the six days before.</summary>
    public required int WeeklyUsers { get; init; }

    /// <summary>Registered users who were active on the day before.</summary>
    public required int DayBefore { get; init; }

    /// <summary>Those of them who were active on this day as well.</summary>
    public required int ReturnedAfterDay { get; init; }

    /// <summary>Registered users who were active on the seventh day before.</summary>
    public required int WeekBefore { get; init; }

    /// <summary>Those of them who were active on this day as well.</summary>
    public required int ReturnedAfterWeek { get; init; }

    /// <summary>The most users and guests who were here at once, looked at each whole second.</summary>
    public required int Peak { get; init; }

    /// <summary>The first second in which they were; null where nobody was.</summary>
    public required DateTimeOffset? PeakAt { get; init; }

    /// <summary>How long users and guests were here, all together, in each quarter of an hour of the day, in seconds.</summary>
    public required ImmutableArray<long> PresentSeconds { get; init; }

    /// <summary>How long the sessions were that ended on it.</summary>
    public required SessionLengths Lengths { get; init; }
}
