using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.Throttle;

/// <summary>
/// A throttle token as text: what is known of the user's last record, and the first 16 bytes of an HMAC-SHA-256 (RFC 2104) over that and the
/// user's id, in Base64url (RFC 4648). The id itself is not in it.
/// </summary>
internal static class TokenFormat
{
    /// <summary>The longest text that is looked at.</summary>
    public const int MaxLength = 400;

    /// <summary>1 was of instances that knew nothing of choices, and so of when they end.</summary>
    private const byte Version = 2;
    private const int MacLength = 16;
    private const int FixedLength = 34;
    private const int MaxTagLength = 200;

    [Flags]
    private enum Flags : byte
    {
        IsConnected = 1,
        IsOwn = 2,
        IsEager = 4,
    }

    public static string Write(PresenceKey user, KnownRecord known, ThrottleKey key)
    {
        var last = known.Last;
        Span<byte> bytes = stackalloc byte[FixedLength + MaxTagLength + MacLength];
        bytes[0] = Version;
        bytes[1] = (byte)((last.IsConnected ? Flags.IsConnected : 0) | (known.IsOwn ? Flags.IsOwn : 0) | (known.IsEager ? Flags.IsEager : 0));
        BinaryPrimitives.WriteInt32BigEndian(bytes[2..], key.Number);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[6..], known.Instance);
        BinaryPrimitives.WriteInt64BigEndian(bytes[10..], last.RecordedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(bytes[18..], last.LastActiveAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(bytes[26..], last.IssuedAt.ToUnixTimeMilliseconds());

        // A tag that is longer than any the service gives is left out: then the row is read before the next record.
        var length = FixedLength;
        if (last.Tag is { } tag && Encoding.UTF8.TryGetBytes(tag, bytes.Slice(FixedLength, MaxTagLength), out var written))
        {
            length += written;
        }

        Sign(user, key, bytes[..length]).CopyTo(bytes[length..]);
        return Base64Url.EncodeToString(bytes[..(length + MacLength)]);
    }

    /// <summary>Which key a token says it was signed with; null if it is no token of ours.</summary>
    public static int? KeyOf(string token)
    {
        Span<byte> head = stackalloc byte[6];
        return token.Length is >= 8 and <= MaxLength && TryDecode(token.AsSpan(0, 8), head, out var length) && length == 6 && head[0] == Version
            ? BinaryPrimitives.ReadInt32BigEndian(head[2..])
            : null;
    }

    /// <summary>What the token of a user says; null if it was not signed for this user with the key given.</summary>
    public static KnownRecord? Read(PresenceKey user, string token, ThrottleKey key)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (token.Length > MaxLength || !TryDecode(token, bytes, out var length) || length < FixedLength + MacLength)
        {
            return null;
        }

        var signed = bytes[..(length - MacLength)];
        if (!CryptographicOperations.FixedTimeEquals(Sign(user, key, signed), bytes[signed.Length..length]))
        {
            return null;
        }

        var flags = (Flags)bytes[1];
        var tag = signed[FixedLength..];
        var last = new LastRecord(
            Moment(bytes[10..]), Moment(bytes[18..]), flags.HasFlag(Flags.IsConnected), Moment(bytes[26..]),
            tag.IsEmpty ? null : Encoding.UTF8.GetString(tag));
        return new(last, BinaryPrimitives.ReadUInt32BigEndian(bytes[6..]), flags.HasFlag(Flags.IsOwn), flags.HasFlag(Flags.IsEager));
    }

    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int length) =>
        Base64Url.DecodeFromChars(text, bytes, out _, out length) == OperationStatus.Done;

    private static DateTimeOffset Moment(ReadOnlySpan<byte> bytes) =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes));

    /// <summary>The id comes last, and what stands before it says by its length where it ends: no two inputs look the same.</summary>
    private static ReadOnlySpan<byte> Sign(PresenceKey user, ThrottleKey key, ReadOnlySpan<byte> content)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Secret);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        hmac.AppendData(length);
        hmac.AppendData(content);
        hmac.AppendData(Encoding.UTF8.GetBytes(user.ToString()));
        return hmac.GetHashAndReset().AsSpan(0, MacLength);
    }
}
