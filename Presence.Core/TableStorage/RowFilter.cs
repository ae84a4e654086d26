using Azure.Data.Tables;

namespace Presence.Core.TableStorage;

/// <summary>Which rows a query asks for: of one partition always, since what lies in others may lie in another account.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Condition">What else is asked of a row, in the words of the service.</param>
internal readonly record struct RowFilter(string Partition, string Condition)
{
    /// <summary>The rows whose key starts with the prefix.</summary>
    public static RowFilter Prefixed(string partition, string prefix) => Between(partition, prefix, TableKeys.After(prefix));

    /// <summary>The rows with keys from one on and before another.</summary>
    public static RowFilter Between(string partition, string first, string before) =>
        Of(partition, $"RowKey ge {first} and RowKey lt {before}");

    /// <summary>The rows of which a condition holds; what it compares with is escaped.</summary>
    public static RowFilter Of(string partition, FormattableString condition) => new(partition, TableClient.CreateQueryFilter(condition));

    /// <summary>Those of them of which a further condition holds.</summary>
    public RowFilter And(FormattableString condition) => this with { Condition = $"{Condition} and {TableClient.CreateQueryFilter(condition)}" };

    /// <summary>As the service takes it.</summary>
    public override string ToString() => $"{TableClient.CreateQueryFilter($"PartitionKey eq {Partition}")} and {Condition}";
}
