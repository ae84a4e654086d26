using Microsoft.Net.Http.Headers;

namespace Presence.Functions.Http;

/// <summary>In which form a body comes: bodies are read as they are, in UTF-8.</summary>
internal static class RequestContent
{
    private const string Identity = "identity";

    /// <exception cref="UnsupportedContentException">The body is compressed or otherwise encoded, or in another charset.</exception>
    public static void ThrowIfUnsupported(HttpRequest request)
    {
        if (EncodingOf(request) is { } encoding)
        {
            throw new UnsupportedContentException($"Content-Encoding '{Shown(encoding)}' is not supported: send the body as it is", "unsupported_encoding")
            {
                AcceptEncoding = Identity,
            };
        }

        if (CharsetOf(request) is { } charset)
        {
            throw new UnsupportedContentException($"Content-Type with the charset '{Shown(charset)}' is not supported: send the body in utf-8", "unsupported_charset");
        }
    }

    private static string? EncodingOf(HttpRequest request) => request.Headers.GetCommaSeparatedValues(HeaderNames.ContentEncoding)
        .FirstOrDefault(encoding => encoding.Length > 0 && !encoding.Equals(Identity, StringComparison.OrdinalIgnoreCase));

    private static string? CharsetOf(HttpRequest request)
    {
        var type = request.ContentType ?? "";
        var charsets = MediaTypeHeaderValue.TryParse(type, out var parsed)
            ? parsed.Parameters.Where(p => p.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)).Select(p => p.GetUnescapedValue().ToString())
            : type.Contains("charset", StringComparison.OrdinalIgnoreCase) ? [type] : [];
        return charsets.FirstOrDefault(charset => !IsUtf8(charset));
    }

    private static bool IsUtf8(string charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);

    private static string Shown(string value) => value.Length <= 40 ? value : value[..40] + "…";
}
