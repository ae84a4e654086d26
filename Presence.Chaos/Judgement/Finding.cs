namespace Presence.Chaos.Judgement;

/// <summary>What is wrong with a system that promises what this one does.</summary>
internal enum FindingKind
{
    /// <summary>Somebody does not know the final state of a user.</summary>
    Lost,

    /// <summary>Something was told, or heard, that must not be.</summary>
    Wrong,

    /// <summary>Something was told later than promised.</summary>
    Late,
}

/// <summary>One thing that was found.</summary>
/// <param name="Kind">How bad it is.</param>
/// <param name="Case">What it is a case of.</param>
/// <param name="Text">The case, in one line.</param>
internal sealed record Finding(FindingKind Kind, string Case, string Text);
