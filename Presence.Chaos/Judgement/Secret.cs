namespace Presence.Chaos.Judgement;

/// <summary>A user of whom somebody must hear nothing but that it is not here, from the answer on to the end.</summary>
/// <param name="User">Who.</param>
/// <param name="From">Who must not hear of it; null for everybody.</param>
/// <param name="Why">In the words of the report.</param>
/// <param name="Answered">When it was told that this is so.</param>
internal sealed record Secret(string User, string? From, string Why, DateTimeOffset Answered);
