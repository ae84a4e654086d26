using System.Diagnostics.CodeAnalysis;

namespace Presence.Core.Domain;

/// <summary>
/// Who a presence belongs to: a registered user or an anonymous participant. Written as the id itself, or as <c>anon:</c> + id.
/// </summary>
public readonly record struct PresenceKey
{
    /// <summary>The longest id, in UTF-16 characters, without the <c>anon:</c> in front.</summary>
    public const int MaxIdLength = 128;

    /// <summary>What marks an anonymous participant wherever a user id is written. A registered id may not start so.</summary>
    public const string AnonymousPrefix = "anon:";

    private PresenceKey(string id, bool isAnonymous)
    {
        Id = id;
        IsAnonymous = isAnonymous;
    }

    /// <summary>The id without prefix.</summary>
    public string Id { get; }

    /// <summary>Whether this is an anonymous participant.</summary>
    public bool IsAnonymous { get; }

    /// <summary>A registered user's key.</summary>
    /// <exception cref="InvalidInputException">The id is empty, too long, not valid text, or starts with <c>anon:</c>.</exception>
    public static PresenceKey Registered(string? id, string field = "userId")
    {
        ThrowIfInvalid(id, field);
        return id.StartsWith(AnonymousPrefix, StringComparison.Ordinal)
            ? throw new InvalidInputException(field, $"must not start with '{AnonymousPrefix}', which marks anonymous participants")
            : new PresenceKey(id, isAnonymous: false);
    }

    /// <summary>An anonymous participant's key, from the id without prefix.</summary>
    /// <exception cref="InvalidInputException">The id is empty, too long, not valid text, or starts with <c>anon:</c>.</exception>
    public static PresenceKey Anonymous(string? id, string field = "participantId") =>
        new(Registered(id, field).Id, isAnonymous: true);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="InvalidInputException">The text is no key.</exception>
    public static PresenceKey Parse(string? text, string field = "userId") =>
        text is not null && text.StartsWith(AnonymousPrefix, StringComparison.Ordinal)
            ? Anonymous(text[AnonymousPrefix.Length..], field)
            : Registered(text, field);

    /// <summary>The key that had these parts.</summary>
    internal static PresenceKey Of(string id, bool isAnonymous) => new(id, isAnonymous);

    /// <inheritdoc/>
    public override string ToString() => IsAnonymous ? AnonymousPrefix + Id : Id;

    private static void ThrowIfInvalid([NotNull] string? id, string field)
    {
        if (string.IsNullOrEmpty(id))
        {
            throw new InvalidInputException(field, $"must be 1 to {MaxIdLength} characters long; it is empty");
        }

        if (id.Length > MaxIdLength)
        {
            throw new InvalidInputException(field, $"must be 1 to {MaxIdLength} characters long; it has {id.Length}");
        }

        // Half a surrogate pair cannot be written to storage or to a URL and read back.
        if (HasLoneSurrogate(id))
        {
            throw new InvalidInputException(field, "must be valid Unicode text");
        }
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i]))
            {
                return true;
            }
        }

        return false;
    }
}
