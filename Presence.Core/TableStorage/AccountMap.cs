using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Presence.Core.TableStorage;

/// <summary>
/// In which of several storage accounts a partition lies. It follows from the partition's key and the number of accounts alone, and must
/// never change: a row written under one answer is not found under another.
/// </summary>
internal static class AccountMap
{
    /// <summary>The account of the shared rows, and of everything where there is but one account.</summary>
    public const int First = 0;

    /// <summary>
    /// The account of a partition, counted from 0. Shards are dealt out in turn, so that each account has as many of them as any other, or one
    /// more; other partitions go by the first four bytes of the SHA-256 of their key.
    /// </summary>
    public static int AccountOf(string partition, int accounts)
    {
        if (accounts == 1 || partition == TableKeys.MetaPartition)
        {
            return First;
        }

        return ShardOf(partition) is { } shard ? shard % accounts : (int)(HashOf(partition) % (uint)accounts);
    }

    /// <summary>The inverse of <see cref="TableKeys.Partition"/>; null for a partition that is no shard.</summary>
    private static int? ShardOf(string partition) =>
        partition is ['s', _, _] && int.TryParse(partition.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var shard)
        && partition == TableKeys.Partition(shard)
            ? shard
            : null;

    private static uint HashOf(string partition)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(partition), hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
