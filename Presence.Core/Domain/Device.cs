namespace Presence.Core.Domain;

/// <summary>What a client says of where it runs.</summary>
/// <param name="Id">A name that the client has made up for its device once and keeps, so that it can be signed out; null where it has none.</param>
/// <param name="Kind"><c>desktop</c>, <c>mobile</c>, <c>web</c> or another word; null where it does not say.</param>
/// <param name="IsForeground">Whether it is in front of its user; null where it does not say.</param>
public sealed record Device(string? Id = null, string? Kind = null, bool? IsForeground = null)
{
    /// <summary>The longest id: that of a UUID.</summary>
    public const int MaxId = 36;

    /// <summary>The longest word for the kind.</summary>
    public const int MaxKind = 20;

    /// <summary>The kind that others are told of, where the user has no connection of another.</summary>
    public const string Mobile = "mobile";

    /// <summary>What a client says; null for nothing.</summary>
    /// <exception cref="InvalidInputException">A part breaks its limit.</exception>
    public static Device? Parse(string? id, string? kind, bool? isForeground)
    {
        if (id is not null && !(id.Length is > 0 and <= MaxId && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            throw new InvalidInputException("deviceId", $"must be 1 to {MaxId} ASCII letters, digits, - and _");
        }

        if (kind is not null && !(kind.Length is > 0 and <= MaxKind && kind.All(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('"' or '\\'))))
        {
            throw new InvalidInputException("device", $"must be 1 to {MaxKind} characters, such as desktop, mobile or web, none of them a quotation mark or \\");
        }

        return (id, kind, isForeground) is (null, null, null) ? null : new(id, kind, isForeground);
    }
}
