using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Presence.Core.Domain;

/// <summary>
/// Which state of a roster a client has. Two digests, sums over all whom it names, say exactly whether anything is different, and whether
/// anybody else is named; when the newest row was written tells what to look at. Nothing of it grows old.
/// </summary>
/// <param name="At">
/// When the newest row was written, in milliseconds since 1970 by the storage's clock; less the time that reading took, where that was long: what is
/// newer may be in it or not.
/// </param>
/// <param name="Members">Whom the roster names.</param>
/// <param name="Contents">What it says of them.</param>
public sealed record RosterVersion(long At, ulong Members, ulong Contents)
{
    /// <summary>The most characters that a version of whatever form may have.</summary>
    public const int MaxLength = 100;

    private const int Bytes = 3 * sizeof(ulong);
    private const int FormatBits = 56;
    private const long MaxAt = (1L << FormatBits) - 1;
    private const byte Whole = 1;
    private const byte Open = 2;

    /// <summary>A read that takes no longer needs no allowance of its own: whoever compares times has one for the storage's clock.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    /// <summary>A version that is not known here: none that was ever handed out.</summary>
    public static RosterVersion Unknown { get; } = new(MaxAt, ulong.MaxValue, ulong.MaxValue);

    /// <summary>The version of a roster.</summary>
    public static RosterVersion Of(Roster roster)
    {
        var (newest, members, contents) = (0L, 0UL, 0UL);
        foreach (var member in roster.Named)
        {
            newest = Math.Max(newest, member.WrittenAt.ToUnixTimeMilliseconds());
            unchecked
            {
                members += Digest(roster.ConversationId, member.View.UserId);
                contents += Digest(roster.ConversationId, member.View.UserId, member.WrittenAt.UtcTicks, member.View.Version);

                // What a reader may see changes without a row being written. This counts as somebody whom nobody is: where it differs, no
                // single change makes the difference, and all is told.
                members += member.IsShownInstead ? Digest(roster.ConversationId, member.View.UserId, member.View.Version) : 0;
            }
        }

        unchecked
        {
            members += roster.IsUntimed ? Digest(roster.ConversationId, "") : 0;
        }

        var took = roster.Took > Quick ? (long)Math.Ceiling(roster.Took.TotalMilliseconds) : 0;
        return new(Math.Max(0, newest - took), members, contents);
    }

    /// <summary>The version that a client has handed back; <see cref="Unknown"/> where its form is not known here, or it has only some pages of it.</summary>
    /// <exception cref="InvalidInputException">It cannot be a version.</exception>
    public static RosterVersion Parse(string text, string field) => Parse(text, field, Whole);

    /// <summary>The version of the pages that a client has so far.</summary>
    /// <inheritdoc cref="Parse(string, string)" path="/exception"/>
    public static RosterVersion ParseOpen(string text, string field) => Parse(text, field, Open);

    private static RosterVersion Parse(string text, string field, byte format)
    {
        if (text.Length > MaxLength || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new InvalidInputException(field, $"must be the version of an answer, at most {MaxLength} letters, digits and - _");
        }

        Span<byte> bytes = stackalloc byte[MaxLength];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != Bytes || bytes[0] != format)
        {
            return Unknown;
        }

        return new(
            BinaryPrimitives.ReadInt64BigEndian(bytes) & MaxAt,
            BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[(2 * sizeof(ulong))..]));
    }

    /// <summary>As clients hand it back.</summary>
    public override string ToString() => ToString(Whole);

    /// <summary>As clients bring it for the next page. It is no version to ask for changes with: they do not have all of it.</summary>
    public string ToOpenString() => ToString(Open);

    /// <summary>
    /// The version of what is put together of pages of both: good if both name the same users, and then to be asked from the older on. It says the
    /// same as no other, unless nothing changed in between.
    /// </summary>
    public RosterVersion And(RosterVersion next) => Members != next.Members
        ? Unknown
        : new(Math.Min(At, next.At), Members, Contents == next.Contents ? Contents : ulong.MaxValue);

    private string ToString(byte format)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, ((long)format << FormatBits) | At);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(ulong)..], Members);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[(2 * sizeof(ulong))..], Contents);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether a roster of the other version says nothing else.</summary>
    internal bool SaysTheSameAs(RosterVersion other) => (Members, Contents) == (other.Members, other.Contents);

    /// <summary>What somebody is in <see cref="Members"/> or, with when what was written, in <see cref="Contents"/>.</summary>
    internal static ulong Digest(string conversationId, string userId, params ReadOnlySpan<long> of)
    {
        var text = $"{conversationId}\n{userId}\n";
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length) + (of.Length * sizeof(long))];
        var length = Encoding.UTF8.GetBytes(text, bytes);
        foreach (var number in of)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(length), number);
            length += sizeof(long);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.AsSpan(0, length), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
