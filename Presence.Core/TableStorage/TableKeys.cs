using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// Partition and row keys. The rows of a user lie in the user's shard, so that one transaction can change them together; those of a roster
/// in a partition of the conversation's own, so that one query reads it.
/// </summary>
internal static class TableKeys
{
    public const string MetaPartition = "meta";
    public const string ConversationPrefix = "c:";
    public const string OnlinePrefix = "on:";

    /// <summary>Sorts right behind the online rows, so that one query finds both.</summary>
    public const string DutyPrefix = "oo:";
    public const string ProfilePrefix = "us:";

    /// <summary>Of those who have blocked a conversation, in its partition.</summary>
    public const string BlockerPrefix = "cb:";

    /// <summary>Of those whom a roster names, in the partition of its conversation.</summary>
    public const string RosterPrefix = "cm:";

    /// <summary>Of those whom it names no more. Sorts behind those it names, so that whoever reads both misses nobody's leaving.</summary>
    public const string GonePrefix = "cn:";
    public const string CountPrefix = "ct:";

    /// <summary>Of the sessions of a user on one day, month by month, so that those of old days, and of one day, lie together.</summary>
    public const string HistoryPrefix = "hi:";

    /// <summary>Of who was in a conversation in one hour, in a shard of the conversation's own.</summary>
    public const string ConversationHistoryPrefix = "hc:";

    /// <summary>Of what all users did on one day.</summary>
    public const string DaySummaryPrefix = "an:";
    public const string SessionPrefix = "se:";
    public const string TombstonePrefix = "er:";
    public const string EventPrefix = "ev:";
    public const string ReportPrefix = "in:";
    public const string ThrottleKeyPrefix = "tk:";
    public const string WatchPrefix = "wl:";
    public const string WebhookPrefix = "wh:";

    private static readonly string[] Prefixes =
    [
        OnlinePrefix, DutyPrefix, ProfilePrefix, BlockerPrefix, RosterPrefix, GonePrefix, CountPrefix, SessionPrefix, TombstonePrefix, EventPrefix,
        ReportPrefix, ThrottleKeyPrefix, WatchPrefix, WebhookPrefix, HistoryPrefix, ConversationHistoryPrefix, DaySummaryPrefix,
    ];

    /// <summary>Between the parts of a key; escaped within them.</summary>
    public const char Separator = '|';

    /// <summary>All rows of a user lie in a shard, except those of rosters.</summary>
    public static string Partition(int shard) => "s" + shard.ToString("x2");

    /// <summary>The first four bytes of the SHA-256 of the key's UTF-8 text, modulo the shard count: the same on every machine, for ever.</summary>
    public static int Shard(PresenceKey user, int shardCount) => Shard(user.ToString(), shardCount);

    /// <summary>The same of any text, such as the id of a conversation.</summary>
    public static int Shard(string text, int shardCount)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)shardCount);
    }

    public static string Online(PresenceKey user) => OnlinePrefix + Escape(user);

    public static string Profile(PresenceKey user) => ProfilePrefix + Escape(user);

    public static string Duty(PresenceKey user, string id) => DutyPrefix + Escape(user) + Separator + id;

    /// <summary>Holds no id: only who knows the user finds its tombstone.</summary>
    public static string Tombstone(PresenceKey user) => TombstonePrefix + Hash(user);

    /// <summary>The partition of a conversation's roster.</summary>
    public static string Conversation(string conversationId) => ConversationPrefix + conversationId;

    /// <summary>Of a user who has blocked the conversation of the partition.</summary>
    public static string Blocker(PresenceKey user) => BlockerPrefix + Escape(user);

    /// <summary>Of a user whom a roster names, under the revision of its records by which it does. The largest counts.</summary>
    public static string Roster(PresenceKey user, long revision) => OfRosters(user) + Revision(revision);

    /// <summary>What all rows of a user in a roster that names it begin with.</summary>
    public static string OfRosters(PresenceKey user) => RosterPrefix + Escape(user) + Separator;

    /// <summary>Of a user whom a roster names no more since a revision of its records. Holds no id, so that erasing a user leaves none.</summary>
    public static string Gone(PresenceKey user, long revision) => OfGone(user) + Separator + Revision(revision);

    /// <summary>What all rows of a user in a roster that names it no more begin with, up to the separator.</summary>
    public static string OfGone(PresenceKey user) => GonePrefix + Hash(user);

    /// <summary>What is in front of the revision, which ends the key.</summary>
    public static (string Owner, long Revision) OfRevision(string rowKey)
    {
        var end = rowKey.LastIndexOf(Separator);
        return (rowKey[..end], long.Parse(rowKey.AsSpan(end + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    /// <summary>128 bits of the SHA-256 of the key's UTF-8 text.</summary>
    private static string Hash(PresenceKey user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.ToString())).AsSpan(0, 16));

    public static string Count(PresenceKey user) => CountPrefix + Escape(user);

    public static string Session(PresenceKey user, string tokenHash) => SessionPrefix + Escape(user) + Separator + tokenHash;

    /// <summary>The users whom a connection of a user watches.</summary>
    public static string Watches(PresenceKey user, string connectionId) => OfWatches(user) + KeyEscape.Escape(connectionId);

    /// <summary>What all such rows of a user begin with.</summary>
    public static string OfWatches(PresenceKey user) => WatchPrefix + Escape(user) + Separator;

    /// <summary>A webhook, in the partition of what all share.</summary>
    public static string Webhook(string id) => WebhookPrefix + KeyEscape.Escape(id);

    /// <summary>The sessions of a user that ended on a day.</summary>
    public static string History(PresenceKey user, DateOnly day) => OfHistory(day) + Escape(user) + Separator + Invariant(day, "dd");

    /// <summary>What all rows of sessions that ended in the month of a day begin with.</summary>
    public static string OfHistory(DateOnly day) => HistoryPrefix + Invariant(day, "yyyyMM") + Separator;

    /// <summary>The user of such a row.</summary>
    public static PresenceKey UserOfHistory(string rowKey) => PresenceKey.Parse(KeyEscape.Unescape(rowKey.Split(Separator)[1]));

    /// <summary>Who was in a conversation in an hour.</summary>
    public static string ConversationHistory(string conversationId, DateTimeOffset hour) =>
        OfConversationHistory(DateOnly.FromDateTime(hour.UtcDateTime)) + conversationId + Separator + hour.UtcDateTime.ToString("ddHH", CultureInfo.InvariantCulture);

    /// <summary>What all such rows of the month of a day begin with.</summary>
    public static string OfConversationHistory(DateOnly day) => ConversationHistoryPrefix + Invariant(day, "yyyyMM") + Separator;

    /// <summary>What all users did on a day.</summary>
    public static string DaySummary(DateOnly day) => DaySummaryPrefix + Invariant(day, "yyyyMMdd");

    private static string Invariant(DateOnly day, string format) => day.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The rows in its shard that the records of a user account for: itself, and its count until it is added up.</summary>
    public static IReadOnlySet<string> Accounted(StoredUser stored)
    {
        var (user, records, _) = stored;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        if (records != default)
        {
            keys.UnionWith([Online(user), Profile(user)]);
        }

        if (UserCount.Includes(user, records))
        {
            keys.Add(Count(user));
        }

        return keys;
    }

    /// <summary>An event of a user, by when it was sent. There is one for each moment and user.</summary>
    public static string Event(PresenceKey user, DateTimeOffset sentAt) => OfEvents(new(sentAt.UtcTicks, TieOf(user))) + Separator + Escape(user);

    /// <summary>What the events of a position begin with; sorts before those of any later one.</summary>
    public static string OfEvents(EventPosition position) =>
        string.Create(CultureInfo.InvariantCulture, $"{EventPrefix}{position.Ticks:x16}{position.Tie:x8}");

    /// <summary>The position and the user of an event.</summary>
    public static (EventPosition Position, PresenceKey User) OfEvent(string rowKey)
    {
        var end = EventPrefix.Length + 24;
        var position = rowKey.AsSpan(EventPrefix.Length, 24);
        return (
            new(
                long.Parse(position[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                uint.Parse(position[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
            UserOf(rowKey, rowKey[..(end + 1)]));
    }

    /// <summary>Tells users apart whose events were sent at the same moment. Not by what their shard goes by, which they have in common.</summary>
    private static uint TieOf(PresenceKey user)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(user.ToString()), hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash[sizeof(uint)..]);
    }

    /// <summary>The user whose escaped key is what follows <paramref name="prefix"/> in the row key.</summary>
    public static PresenceKey UserOf(string rowKey, string prefix) => PresenceKey.Parse(KeyEscape.Unescape(rowKey[prefix.Length..]));

    /// <summary>What kind of row has this key: the prefix, and nothing that names anybody.</summary>
    public static string KindOf(string rowKey) => Array.Find(Prefixes, p => rowKey.StartsWith(p, StringComparison.Ordinal)) ?? "other";

    /// <summary>The first key after all that start with the prefix.</summary>
    public static string After(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);

    private static string Revision(long revision) => revision.ToString("x16", CultureInfo.InvariantCulture);

    private static string Escape(PresenceKey user) => KeyEscape.Escape(user.ToString());
}
