using Azure.Data.Tables;
using Presence.Core.Ports;

namespace Presence.Core.TableStorage;

/// <summary>
/// How the table is spread, which is fixed once it exists. Each account keeps it in a row of its own part, so that a host that is
/// configured otherwise is turned away whichever account it asks first, and no account is needed to tell of another.
/// </summary>
/// <param name="Table">The table's name.</param>
/// <param name="ShardCount">Over how many shards.</param>
/// <param name="Accounts">The names of the accounts in their order.</param>
internal sealed record TableLayout(string Table, int ShardCount, IReadOnlyList<string> Accounts)
{
    public const string RowKey = "shards";
    private const string ShardCountColumn = nameof(ShardCount);

    /// <summary>The shard count where there are several accounts: what does not know of accounts finds none, and does not start.</summary>
    private const string ShardsColumn = "Shards";
    private const string RostersColumn = "Rosters";
    private const string AccountsColumn = nameof(Accounts);

    private string AllAccounts => string.Join(',', Accounts);

    private bool IsOneAccount => Accounts.Count == 1;

    /// <summary>The row that keeps it. An only account is not named: it is where the row lies, whatever that is called.</summary>
    public TableEntity ToEntity() => IsOneAccount
        ? new(RostersByConversation()) { [ShardCountColumn] = ShardCount }
        : new(RostersByConversation()) { [ShardsColumn] = ShardCount, [AccountsColumn] = AllAccounts };

    /// <summary>Of the row, that rosters lie by conversation; in tables of an older version they lay with users.</summary>
    public static TableEntity RostersByConversation() => new(TableKeys.MetaPartition, RowKey) { [RostersColumn] = "conversation" };

    /// <summary>Whether a row says so.</summary>
    public static bool HasRostersByConversation(TableEntity kept) => kept.ContainsKey(RostersColumn);

    /// <summary>Makes sure that what a row keeps is this.</summary>
    /// <exception cref="StorageAccountsMismatchException">The table is spread over other accounts.</exception>
    /// <exception cref="ShardCountMismatchException">The table is spread over another number of shards.</exception>
    public void Check(TableEntity kept)
    {
        var accounts = kept.GetString(AccountsColumn);
        if (accounts != (IsOneAccount ? null : AllAccounts))
        {
            throw new StorageAccountsMismatchException(Table, accounts, AllAccounts);
        }

        if ((kept.GetInt32(ShardCountColumn) ?? kept.GetInt32(ShardsColumn)) is var shards && shards != ShardCount)
        {
            throw new ShardCountMismatchException(Table, shards, ShardCount);
        }
    }
}
