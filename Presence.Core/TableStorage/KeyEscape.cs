using System.Globalization;
using System.Text;

namespace Presence.Core.TableStorage;

/// <summary>
/// Writes any text as part of a table key: what a key forbids (<c>/ \ # ?</c> and control characters, see "Understanding the Table
/// service data model"), what its clients mishandle (<c>% '</c>), and our own separators become <c>!</c> and two hex digits.
/// </summary>
internal static class KeyEscape
{
    public static string Escape(string text)
    {
        if (!text.Any(MustEscape))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = MustEscape(c) ? escaped.Append('!').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture)) : escaped.Append(c);
        }

        return escaped.ToString();
    }

    public static string Unescape(string escaped)
    {
        if (!escaped.Contains('!', StringComparison.Ordinal))
        {
            return escaped;
        }

        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '!')
            {
                text.Append((char)int.Parse(escaped.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                text.Append(escaped[i]);
            }
        }

        return text.ToString();
    }

    // All of these are below U+0100, so two digits are enough and 128 characters never outgrow a key.
    private static bool MustEscape(char c) => char.IsControl(c) || c is '/' or '\\' or '#' or '?' or '%' or '\'' or '!' or TableKeys.Separator;
}
