namespace Presence.Core.Domain;

/// <summary>What somebody has chosen that others see of a user. It shows only while the user is here, and lasts until it ends or is replaced.</summary>
/// <param name="Availability">The availability.</param>
/// <param name="Text">A line of text, such as "on a train"; null for none.</param>
/// <param name="Emoji">One grapheme cluster; null for none.</param>
/// <param name="Until">When it ends by itself, UTC; null for never.</param>
public sealed record Choice(ChosenAvailability Availability, string? Text = null, string? Emoji = null, DateTimeOffset? Until = null)
{
    /// <summary>The choice that says nothing.</summary>
    internal static Choice None { get; } = new(ChosenAvailability.Automatic);

    /// <summary>The choice as it stands at the moment given; null where it has ended or says nothing.</summary>
    internal static Choice? At(Choice? choice, DateTimeOffset now) =>
        choice is null || choice.Until <= now || choice with { Until = null } == None ? null : choice;
}

/// <summary>Who has chosen.</summary>
public enum ChoiceSource
{
    /// <summary>The user. What it has chosen counts more than all else.</summary>
    User,

    /// <summary>The application's backend, for the user, from a calendar, say. One source among others.</summary>
    Application,
}
