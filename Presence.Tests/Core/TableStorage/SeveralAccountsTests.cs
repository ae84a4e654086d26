using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>A table that is spread over two storage accounts.</summary>
public sealed class SeveralAccountsTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly AzuriteFixture _azurite = azurite;
    private string _first = "";
    private string _further = "";

    private TableClient FurtherTable => new(_further, TableName);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (_first, _further) = (await _azurite.ConnectionStringAsync(), await _azurite.FurtherConnectionStringAsync());
    }

    [Fact]
    public async Task EachUserLiesInTheAccountOfItsShardAndNowhereElse()
    {
        var instance = CreateOverBoth();
        foreach (var user in Users(20))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        // A conversation goes by its own hash.
        Assert.Equal([.. OfAccount("c:lobby", 0), TableKeys.MetaPartition, "s00", "s02"], await PartitionsAsync(Table));
        Assert.Equal([.. OfAccount("c:lobby", 1), TableKeys.MetaPartition, "s01", "s03"], await PartitionsAsync(FurtherTable));
        Assert.All(Users(20), user => Assert.Equal(TableKeys.Shard(user, 4) % 2, instance.Store.PartOf(user)));
        Assert.Equal([[0, 2], [1, 3]], instance.DueStore.Parts);
    }

    [Fact]
    public async Task RostersLieInBothAndAreCleanedInBoth()
    {
        var instance = CreateOverBoth();
        string[] conversations = [.. Enumerable.Range(0, 8).Select(i => $"c{i}")];
        foreach (var conversation in conversations)
        {
            await instance.ApplyAsync(Alice, new Joined(conversation));
        }

        await instance.ApplyAsync(Alice, new Activity(Start));
        Assert.All(await Task.WhenAll(conversations.Select(c => instance.Rosters.ReadFreshAsync(c, Cancellation))), roster => Assert.Single(roster.Members));
        Assert.Equal([0, 1], conversations.Select(c => AccountMap.AccountOf(TableKeys.Conversation(c), 2)).Distinct().Order());
        foreach (var conversation in conversations)
        {
            await instance.ApplyAsync(Alice, new Left(conversation));
        }

        Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(8, await instance.Store.CleanRostersAsync(Cancellation));
    }

    [Fact]
    public async Task WhatConcernsAllUsersIsReadFromBoth()
    {
        var instance = CreateOverBoth();
        foreach (var user in Users(20))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Assert.Equal(20, await instance.Store.RosterAsync("lobby", Cancellation).CountAsync(Cancellation));
        Assert.Equal(20, await instance.Store.OnlineAsync(Cancellation).CountAsync(Cancellation));
        Assert.Equal(20, (await instance.Store.ReadManyAsync(Users(20), (_, _) => true, Cancellation)).Values.Count(v => v.Records.Status == PresenceStatus.Online));
        Assert.Equal(20, await instance.Get<IMaintenanceStore>().CountUsersAsync(Cancellation));
        Clock.Advance(TimeSpan.FromMinutes(5));
        var report = await instance.Sweep.RunAsync(Cancellation);
        Assert.Equal((20, 0), (report.Transitions, report.FailedShards));
    }

    [Fact]
    public async Task ManyInstancesMayOpenItAtOnce() =>
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync(CreateOverBoth())));

    [Fact]
    public async Task OneAccountAloneIsRefused()
    {
        await OpenAsync(CreateOverBoth());

        var refusal = await RefusalAsync(Create());

        Assert.Equal(
            $"The table '{TableName}' is spread over the storage accounts {Name(_first)},{Name(_further)}, but AzureWebJobsStorage and "
            + $"Presence:StorageAccounts name {Name(_first)}. Name those of the table, in its order, or use another Presence:TableName.",
            refusal.Message);
    }

    [Fact]
    public async Task ATableOfOneAccountIsNotSpreadOverTwo()
    {
        await OpenAsync(Create());

        var refusal = await RefusalAsync(CreateOverBoth());

        Assert.StartsWith($"The table '{TableName}' lies in one storage account, but ", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<Azure.RequestFailedException>(() => PartitionsAsync(FurtherTable));
    }

    /// <summary>Where only the further account is asked, its own row tells.</summary>
    [Fact]
    public async Task AnotherOrderIsRefused()
    {
        await OpenAsync(CreateOverBoth());

        await RefusalAsync(Over(_further, _first));
    }

    [Fact]
    public async Task AnotherAccountInItsPlaceIsRefusedAndNothingIsMadeInIt()
    {
        await OpenAsync(CreateOverBoth());
        await using var stranger = await AzuriteFixture.StartAsync();

        var refusal = await RefusalAsync(Create(o => o.StorageAccounts = stranger.ConnectionString));

        Assert.EndsWith("use another Presence:TableName.", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await new TableServiceClient(stranger.ConnectionString).QueryAsync(cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task AnotherShardCountIsRefused()
    {
        await OpenAsync(CreateOverBoth());

        await Assert.ThrowsAsync<ShardCountMismatchException>(() => OpenAsync(Create(o => (o.StorageAccounts, o.ShardCount) = (_further, 8))));
    }

    /// <summary>A version that knows nothing of accounts asks for the shard count, and refuses where there is none.</summary>
    [Fact]
    public async Task WhatKnowsOfNoAccountsFindsNoShardCount()
    {
        await OpenAsync(CreateOverBoth());
        await OpenAsync(Create(o => o.TableName = TableName + "b"));

        var accounts = $"{Name(_first)},{Name(_further)}";
        Assert.Equal((null, 4, accounts), Kept(await LayoutAsync(Table)));
        Assert.Equal((null, 4, accounts), Kept(await LayoutAsync(FurtherTable)));
        Assert.Equal((4, null, null), Kept(await LayoutAsync(new TableClient(_first, TableName + "b"))));

        static (int?, int?, string?) Kept(TableEntity row) => (row.GetInt32("ShardCount"), row.GetInt32("Shards"), row.GetString("Accounts"));
    }

    /// <summary>As docs/operations.md goes from one to several.</summary>
    [Fact]
    public async Task AnotherTableLeadsFromOneAccountToSeveralAndTheFormerOneBack()
    {
        var (user, former) = (UserOf(account: 1), Create());
        await former.ApplyAsync(user, new Joined(Conversation));
        await former.ApplyAsync(user, new Activity(Start));

        var several = Create(o => (o.StorageAccounts, o.TableName) = (_further, TableName + "b"));
        Assert.Equal(PresenceStatus.Offline, (await several.ViewAsync(user)).Status);
        await several.ApplyAsync(user, new Joined(Conversation));
        await several.ApplyAsync(user, new Activity(Start));
        Assert.Equal(PresenceStatus.Online, Assert.Single(await several.Store.RosterAsync(Conversation, Cancellation).ToListAsync(Cancellation)).View.Status);
        await several.ApplyAsync(user, new SignedOut());

        Assert.Equal(PresenceStatus.Online, (await Create().ViewAsync(user)).Status);
    }

    [Fact]
    public async Task APartDeletedUnderneathIsMadeAnew()
    {
        var instance = CreateOverBoth();
        var (kept, lost) = (UserOf(account: 0), UserOf(account: 1));
        await instance.ApplyAsync(kept, new Activity(Start));
        await instance.ApplyAsync(lost, new Activity(Start));
        await FurtherTable.DeleteAsync(Cancellation);

        Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(lost)).Status);
        await instance.ApplyAsync(lost, new Activity(Start));

        Assert.Equal((PresenceStatus.Online, PresenceStatus.Online), ((await instance.ViewAsync(kept)).Status, (await instance.ViewAsync(lost)).Status));
        await RefusalAsync(Over(_further, _first));
    }

    private Instance CreateOverBoth() => Create(o => o.StorageAccounts = _further);

    /// <summary>With another first account than the tests have.</summary>
    private Instance Over(string first, string further) => Instance.OverTable(
        first, Clock, o => (o.TableName, o.ShardCount, o.StorageAccounts) = (TableName, 4, further));

    private static Task OpenAsync(Instance instance) => instance.Get<PresenceTable>().OpenAsync(Cancellation);

    private static Task<StorageAccountsMismatchException> RefusalAsync(Instance instance) =>
        Assert.ThrowsAsync<StorageAccountsMismatchException>(() => OpenAsync(instance));

    private static string Name(string connectionString) => StorageConnection.NameOf(new TableServiceClient(connectionString));

    private static PresenceKey UserOf(int account) => Users(20).First(user => TableKeys.Shard(user, 4) % 2 == account);

    private static async Task<TableEntity> LayoutAsync(TableClient table) =>
        await table.GetEntityAsync<TableEntity>(TableKeys.MetaPartition, "shards", cancellationToken: Cancellation);

    private static async Task<IEnumerable<string>> PartitionsAsync(TableClient table) =>
        (await table.QueryAsync<TableEntity>(cancellationToken: Cancellation).Select(row => row.PartitionKey).Distinct().ToListAsync(Cancellation))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> OfAccount(string partition, int account) => AccountMap.AccountOf(partition, 2) == account ? [partition] : [];
}
