namespace Presence.Core.Ports;

/// <summary>The table was made with another shard count: its users would not be found. The host must not start.</summary>
public sealed class ShardCountMismatchException(string table, int? found, int configured) : Exception(
    $"The table '{table}' is spread over {found} shards, but Presence:ShardCount is {configured}. "
    + "Set it to the table's count, or use another Presence:TableName.");
