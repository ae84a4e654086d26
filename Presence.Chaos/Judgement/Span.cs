namespace Presence.Chaos.Judgement;

/// <summary>A stretch of time; without an end it lasts.</summary>
internal readonly record struct Span(DateTimeOffset From, DateTimeOffset? To)
{
    public bool Contains(DateTimeOffset moment) => moment >= From && (To is null || moment < To);
}
