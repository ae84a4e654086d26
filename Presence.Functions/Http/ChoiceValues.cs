using System.Globalization;
using System.Text;
using Presence.Core.Domain;

namespace Presence.Functions.Http;

/// <summary>Reads what is chosen that others see.</summary>
internal static class ChoiceValues
{
    /// <summary>The longest text, in characters as Unicode counts them (code points).</summary>
    public const int MaxText = 80;

    /// <summary>The longest emoji, in UTF-16 units: families of four with skin tones have 41.</summary>
    public const int MaxEmoji = 64;

    /// <summary>The choice.</summary>
    /// <exception cref="InvalidInputException">A field breaks its limit.</exception>
    public static Choice Of(ChoiceRequest request, ChoiceSource source, DateTimeOffset now) => new(
        AvailabilityOf(request.Availability, source), Text(request.Text), Emoji(request.Emoji), request.Until is { } until ? Ends.Parse(until, "until", now) : null);

    private static ChosenAvailability AvailabilityOf(string? name, ChoiceSource source)
    {
        if (name is null)
        {
            return ChosenAvailability.Automatic;
        }

        ChosenAvailability[] possible =
        [
            .. Enum.GetValues<ChosenAvailability>().Where(one => source == ChoiceSource.User || one != ChosenAvailability.Invisible),
        ];
        return AvailabilityName.FindChosen(name) is { } chosen && possible.Contains(chosen)
            ? chosen
            : throw new InvalidInputException("availability", $"must be one of {string.Join(", ", possible.Select(AvailabilityName.Of))}");
    }

    private static string? Text(string? text)
    {
        if (text is null || Plain(text, "text").Trim() is not { Length: > 0 } plain)
        {
            return null;
        }

        return plain.EnumerateRunes().Count() <= MaxText ? plain : throw new InvalidInputException("text", $"must be at most {MaxText} characters long");
    }

    private static string? Emoji(string? emoji)
    {
        if (string.IsNullOrEmpty(emoji))
        {
            return null;
        }

        var plain = Plain(emoji, "emoji");
        return plain.Length <= MaxEmoji && StringInfo.GetNextTextElementLength(plain) == plain.Length && !string.IsNullOrWhiteSpace(plain)
            ? plain
            : throw new InvalidInputException("emoji", $"must be one emoji (one grapheme cluster) of at most {MaxEmoji} UTF-16 units");
    }

    /// <summary>What steers a terminal, or the direction of what follows, is no text.</summary>
    private static string Plain(string text, string field)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069))
            {
                throw new InvalidInputException(field, "must not contain line breaks or other control characters");
            }
        }

        return text;
    }
}
