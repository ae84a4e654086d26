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

/// <summary>One thing that was found, in one line.</summary>
internal sealed record Finding(FindingKind Kind, string Text);
