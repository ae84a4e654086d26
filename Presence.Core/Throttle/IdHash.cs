using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>
/// A hash of ids, several times cheaper than that of strings and as hard to aim at: a universal family (NH, of UMAC, RFC 4418), with keys of
/// this process. Two ids agree with a chance of one in 500 million, whoever chose them.
/// </summary>
internal static class IdHash
{
    private const int CharsPerWord = sizeof(ulong) / sizeof(char);

    private static readonly ulong[] Keys =
        [.. MemoryMarshal.Cast<byte, ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong) * ((PresenceKey.MaxIdLength / CharsPerWord) + 2)))];

    public static uint Of(string id)
    {
        var keys = Keys;
        var words = MemoryMarshal.Cast<char, ulong>(id.AsSpan());
        var sum = (ulong)id.Length;
        for (var i = 0; i < words.Length; i++)
        {
            sum += Product(words[i] + keys[i]);
        }

        if (id.Length % CharsPerWord != 0)
        {
            var rest = 0UL;
            foreach (var c in id.AsSpan(words.Length * CharsPerWord))
            {
                rest = (rest << 16) | c;
            }

            sum += Product(rest + keys[words.Length]);
        }

        return (uint)((sum * (keys[^1] | 1)) >> 32);
    }

    private static ulong Product(ulong word) => (uint)word * (word >> 32);
}
