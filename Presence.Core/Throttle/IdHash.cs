using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Presence.Core.Domain;

namespace Presence.Core.Throttle;

/// <summary>
/// A hash of ids, several times cheaper than that of strings and as hard to aim at: a universal family (NH, of UMAC, RFC 4418), with keys of
/// this process. Two ids agree with a chance of one in four billion, whoever chose them.
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
        var i = 0;
        for (; i < words.Length; i++)
        {
            sum += Product(words[i], keys[i]);
        }

        var rest = 0UL;
        for (var c = i * CharsPerWord; c < id.Length; c++)
        {
            rest = (rest << 16) | id[c];
        }

        sum += Product(rest, keys[i]);
        return (uint)((sum * (keys[^1] | 1)) >> 32);
    }

    private static ulong Product(ulong word, ulong key) =>
        (ulong)((uint)word + (uint)key) * ((uint)(word >> 32) + (uint)(key >> 32));
}
