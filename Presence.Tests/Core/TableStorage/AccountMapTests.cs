using Presence.Core.TableStorage;

namespace Presence.Tests.Core.TableStorage;

public class AccountMapTests
{
    [Fact]
    public void OneAccountHoldsEverything() =>
        Assert.All([.. Shards, TableKeys.MetaPartition, "cteam-1"], partition => Assert.Equal(0, AccountMap.AccountOf(partition, 1)));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void ShardsAreDealtOutInTurn(int accounts) =>
        Assert.Equal(Shards.Index().Select(shard => shard.Index % accounts), Shards.Select(shard => AccountMap.AccountOf(shard, accounts)));

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void TheSharedRowsLieInTheFirst(int accounts) => Assert.Equal(0, AccountMap.AccountOf(TableKeys.MetaPartition, accounts));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(10)]
    public void OtherPartitionsAreSpreadEvenly(int accounts)
    {
        const int Count = 20_000;
        var perAccount = Enumerable.Range(0, Count).CountBy(i => AccountMap.AccountOf($"cconversation-{i}", accounts)).ToDictionary();

        Assert.Equal(accounts, perAccount.Count);
        Assert.All(perAccount.Values, held => Assert.InRange(held, Count / accounts * 0.93, Count / accounts * 1.07));
    }

    /// <summary>Rows written today must be found by every later version.</summary>
    [Theory]
    [InlineData("clobby", 4, 3)]
    [InlineData("cteam-1", 4, 2)]
    [InlineData("cteam-1", 10, 2)]
    [InlineData("s1", 4, 0)]
    [InlineData("S01", 4, 0)]
    [InlineData("s0A", 4, 2)]
    [InlineData("s001", 4, 3)]
    [InlineData("séa", 4, 1)]
    public void TheAccountOfAPartitionNeverChanges(string partition, int accounts, int account) =>
        Assert.Equal(account, AccountMap.AccountOf(partition, accounts));

    private static IReadOnlyList<string> Shards { get; } = [.. Enumerable.Range(0, 256).Select(TableKeys.Partition)];
}
