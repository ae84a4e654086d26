namespace Presence.Benchmarks.Report;

/// <summary>One subject of the document.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="How">How its figures were made, in a sentence or two.</param>
/// <param name="Lines">The figures.</param>
internal sealed record Section(string Title, string How, IReadOnlyList<Line> Lines);
