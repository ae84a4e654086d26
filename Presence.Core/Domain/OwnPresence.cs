using System.Diagnostics.CodeAnalysis;

namespace Presence.Core.Domain;

/// <summary>What a user may know of itself: how others see it, or would if it were visible, and what was chosen.</summary>
public sealed record OwnPresence : PresenceView
{
    [SetsRequiredMembers]
    private OwnPresence(PresenceView view)
        : base(view)
    {
    }

    /// <summary>What the user has chosen; null for nothing.</summary>
    public Choice? Choice { get; private init; }

    /// <summary>What the application has chosen for it; null for nothing.</summary>
    public Choice? ApplicationChoice { get; private init; }

    /// <summary>Rises strictly with each change of what was chosen, seen or not: what has a smaller one than already known is late.</summary>
    public long Revision { get; private init; }

    internal static OwnPresence Of(PresenceView view, Choice? own, Choice? application, long revision) =>
        new(view) { Choice = own, ApplicationChoice = application, Revision = revision };
}
