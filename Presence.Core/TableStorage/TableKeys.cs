using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>Partition and row keys. Every row of a user lies in the user's shard, so that one transaction can change them together.</summary>
internal static class TableKeys
{
    public const string MetaPartition = "meta";
    public const string OnlinePrefix = "on:";

    /// <summary>Sorts right behind the online rows, so that one query finds both.</summary>
    public const string DutyPrefix = "oo:";
    public const string ProfilePrefix = "us:";
    public const string RosterPrefix = "cm:";
    public const string CountPrefix = "ct:";
    public const string SessionPrefix = "se:";
    public const string TombstonePrefix = "er:";
    public const string ReportPrefix = "in:";
    public const string ThrottleKeyPrefix = "tk:";

    private static readonly string[] Prefixes =
        [OnlinePrefix, DutyPrefix, ProfilePrefix, RosterPrefix, CountPrefix, SessionPrefix, TombstonePrefix, ReportPrefix, ThrottleKeyPrefix];

    /// <summary>Between the parts of a key; escaped within them.</summary>
    public const char Separator = '|';

    public static string Partition(int shard) => "s" + shard.ToString("x2");

    /// <summary>The first four bytes of the SHA-256 of the key's UTF-8 text, modulo the shard count: the same on every machine, for ever.</summary>
    public static int Shard(PresenceKey user, int shardCount)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(user.ToString()), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)shardCount);
    }

    public static string Online(PresenceKey user) => OnlinePrefix + Escape(user);

    public static string Profile(PresenceKey user) => ProfilePrefix + Escape(user);

    public static string Duty(PresenceKey user, string id) => DutyPrefix + Escape(user) + Separator + id;

    /// <summary>Holds no id: only who knows the user finds its tombstone. 128 bits of the SHA-256 of the key's UTF-8 text.</summary>
    public static string Tombstone(PresenceKey user) =>
        TombstonePrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.ToString())).AsSpan(0, 16));

    public static string Roster(string conversationId, PresenceKey user) => RosterPrefix + conversationId + Separator + Escape(user);

    public static string Count(PresenceKey user) => CountPrefix + Escape(user);

    public static string Session(PresenceKey user, string tokenHash) => SessionPrefix + Escape(user) + Separator + tokenHash;

    /// <summary>The rows that the records of a user account for: itself, its place in the rosters, and its count until it is added up.</summary>
    public static IReadOnlySet<string> Accounted(StoredUser stored)
    {
        var (user, records, _) = stored;
        var keys = records.Rosters.Select(conversation => Roster(conversation, user)).ToHashSet(StringComparer.Ordinal);
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

    /// <summary>The user whose escaped key is what follows <paramref name="prefix"/> in the row key.</summary>
    public static PresenceKey UserOf(string rowKey, string prefix) => PresenceKey.Parse(KeyEscape.Unescape(rowKey[prefix.Length..]));

    /// <summary>What kind of row has this key: the prefix, and nothing that names anybody.</summary>
    public static string KindOf(string rowKey) => Array.Find(Prefixes, p => rowKey.StartsWith(p, StringComparison.Ordinal)) ?? "other";

    /// <summary>The first key after all that start with the prefix.</summary>
    public static string After(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);

    private static string Escape(PresenceKey user) => KeyEscape.Escape(user.ToString());
}
