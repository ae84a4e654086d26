using System.Buffers.Text;
using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Ledger;

/// <summary>How far somebody has read the feed: a text to whoever keeps it. Of a new form, once this one has to change, it says so in its first byte.</summary>
public sealed class EventCursor
{
    /// <summary>The most characters of a cursor: of 256 shards, all of them busy. Of 16 they are some 400.</summary>
    public const int MaxLength = 7_000;

    private const byte Format = 1;

    internal EventCursor(long windowTicks, ImmutableArray<ShardCursor> shards)
    {
        WindowTicks = windowTicks;
        Shards = shards;
    }

    /// <summary>When the window begins: what was sent at or before this moment has arrived, or never will.</summary>
    internal long WindowTicks { get; }

    /// <summary>How far each shard is read.</summary>
    internal ImmutableArray<ShardCursor> Shards { get; }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="InvalidInputException">The text is no cursor.</exception>
    public static EventCursor Parse(string? text, string field = "after") =>
        text is { Length: > 0 and <= MaxLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && Base64Url.IsValid(text)
        && Read(Base64Url.DecodeFromChars(text)) is { } cursor
            ? cursor
            : throw new InvalidInputException(field, $"must be the cursor of an earlier answer, at most {MaxLength} letters, digits and - _");

    /// <summary>As it is kept, and handed back: letters, digits and - _.</summary>
    public override string ToString()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Format);
        writer.Write(WindowTicks);
        writer.Write7BitEncodedInt(Shards.Length);
        foreach (var (position, seen, digest) in Shards)
        {
            // Most shards are read to their end, near the window, and have nothing in it: three short numbers.
            writer.Write7BitEncodedInt64(ZigZag(position.Ticks - WindowTicks));
            writer.Write7BitEncodedInt64(uint.MaxValue - position.Tie);
            writer.Write7BitEncodedInt(seen);
            if (seen > 0)
            {
                writer.Write(digest);
            }
        }

        return Base64Url.EncodeToString(bytes.ToArray());
    }

    /// <summary>Null for what no cursor says.</summary>
    private static EventCursor? Read(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            return reader.ReadByte() == Format ? Read(reader, bytes.Length) : null;
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            return null;
        }
    }

    private static EventCursor? Read(BinaryReader reader, int length)
    {
        var window = reader.ReadInt64();
        var shards = new ShardCursor[Math.Clamp(reader.Read7BitEncodedInt(), 0, length)];
        for (var i = 0; i < shards.Length; i++)
        {
            var ticks = unchecked(window + UnZigZag(reader.Read7BitEncodedInt64()));
            var tie = uint.MaxValue - reader.Read7BitEncodedInt64();
            var seen = reader.Read7BitEncodedInt();
            if (!IsTime(ticks) || tie is < 0 or > uint.MaxValue || seen < 0)
            {
                return null;
            }

            shards[i] = new(new(ticks, (uint)tie), seen, seen > 0 ? reader.ReadUInt32() : 0);
        }

        return IsTime(window) && shards.Length > 0 && reader.BaseStream.Position == length ? new(window, [.. shards]) : null;
    }

    private static bool IsTime(long ticks) => ticks > 0 && ticks <= DateTime.MaxValue.Ticks;

    /// <summary>Small numbers of either sign as small ones of none.</summary>
    private static long ZigZag(long value) => (value << 1) ^ (value >> 63);

    private static long UnZigZag(long value) => (long)((ulong)value >> 1) ^ -(value & 1);
}
