using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Presence.Core.Callers;

/// <summary>
/// A signed JWT in compact form (RFC 7515, 7519), taken apart. It is read strictly, because where two readers may see different
/// things in one token, one of them checks what the other does not use: no repeated names, no characters outside the alphabet.
/// </summary>
internal readonly record struct CompactToken(JsonElement Header, JsonElement Payload)
{
    public const int MaxLength = 16_384;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="UnauthenticatedException">The text is no JWT.</exception>
    public static CompactToken Read(string token)
    {
        if (token.Length > MaxLength)
        {
            throw new UnauthenticatedException($"The token is longer than {MaxLength} characters.");
        }

        var parts = token.Split('.');
        return parts.Length == 3 && !token.AsSpan().ContainsAnyExcept(Alphabet)
            ? new(ReadObject(parts[0], "header"), ReadObject(parts[1], "payload"))
            : throw new UnauthenticatedException("The token is no valid JWT.");
    }

    private static JsonElement ReadObject(string part, string name)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(part);
            if (Utf8.IsValid(bytes) && JsonElement.Parse(bytes, Strict) is { ValueKind: JsonValueKind.Object } read)
            {
                return read;
            }
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
        }

        throw new UnauthenticatedException($"The token is no valid JWT: its {name} must be a JSON object that repeats no name.");
    }
}
