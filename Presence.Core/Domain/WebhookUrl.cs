namespace Presence.Core.Domain;

/// <summary>What a webhook's URL may be. Where its name leads is seen only when something is sent.</summary>
public static class WebhookUrl
{
    /// <summary>The longest, in characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>Reads one.</summary>
    /// <param name="text">As the backend wrote it.</param>
    /// <param name="mayBePrivate">Whether it may use http.</param>
    /// <param name="field">What it is called there.</param>
    /// <exception cref="InvalidInputException">It is none, or none that is allowed.</exception>
    public static Uri Parse(string? text, bool mayBePrivate, string field = "url")
    {
        if (text is not { Length: > 0 and <= MaxLength } || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            throw new InvalidInputException(field, $"must be an absolute URL of 1 to {MaxLength} characters");
        }

        if (url.Scheme != Uri.UriSchemeHttps && !(mayBePrivate && url.Scheme == Uri.UriSchemeHttp))
        {
            throw new InvalidInputException(field, mayBePrivate ? "must be an https or http URL" : "must be an https URL");
        }

        // Credentials in a URL end in logs; a receiver knows its sender by the signature.
        return url.UserInfo.Length == 0 && url.Fragment.Length == 0
            ? url
            : throw new InvalidInputException(field, "must have no user name, password or fragment");
    }
}
