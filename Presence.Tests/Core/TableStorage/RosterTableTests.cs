using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Erasing;
using Presence.Core.Ports;
using Presence.Core.Retention;
using Presence.Core.Rosters;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What rosters cost, what rows they leave, and what goes wrong on the way.</summary>
public sealed class RosterTableTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ARosterOfAThousandIsOneRequestHoweverManyShardsThereAre()
    {
        var instance = await OpenAsync(o => o.ShardCount = 256);
        await TellAsync(instance, Users(1_000), 5);

        Assert.Equal(1, await CostAsync(() => instance.Rosters.ReadFreshAsync(Conversation, Cancellation)));
        await TellAsync(instance, Users(1_001)[1_000..], 5);
        Assert.Equal(2, await CostAsync(() => instance.Rosters.ReadFreshAsync(Conversation, Cancellation)));
    }

    [Fact]
    public async Task AThousandChangesOfOneConversationAreTwentyTransactions()
    {
        var instance = await OpenAsync();
        Assert.Equal(10, await CostAsync(() => TellAsync(instance, Users(1_000), 5)));

        Assert.Equal(20, await CostAsync(() => TellAsync(instance, Users(1_000), 6, replaces: 5)));

        Assert.Equal(1_000, await RowsAsync());
    }

    [Fact]
    public async Task TheConversationsOfOneInFiftyAreFiftyOneRequests()
    {
        var instance = await OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            await instance.ApplyAsync(Alice, new Joined($"c{i}"));
        }

        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(1 + 50, await CostAsync(() => instance.Get<ConversationDirectory>().ListAsync(Alice, Cancellation)));
    }

    [Fact]
    public async Task AChangeOfOneInFiftyIsOneTransactionARequestForEachAndOneCrossingOut()
    {
        var instance = await OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            await instance.ApplyAsync(Alice, new Joined($"c{i}"));
        }

        Assert.Equal(2 + 1 + 50 + 1, await CostAsync(() => instance.ApplyAsync(Alice, new Activity(Start))));
        Assert.Equal(1 + 1 + 50 + 1, await CostAsync(() => instance.ApplyAsync(Alice, new SignedOut())));
    }

    [Fact]
    public async Task AUserLeavesOneRowInEachRosterAndNoneWhereItIsNoMore()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Joined(Conversation));
        await instance.ApplyAsync(Alice, new Joined("other"));
        await instance.ApplyAsync(Alice, new Activity(Start));
        await instance.ApplyAsync(Alice, new Joined("third"));
        await instance.ApplyAsync(Alice, new SignedOut());
        Assert.Equal(3, await NamesAsync("alice"));

        foreach (var conversation in new[] { Conversation, "other", "third" })
        {
            await instance.ApplyAsync(Alice, new Left(conversation));
        }

        Assert.Equal(0, await NamesAsync("alice"));
    }

    [Fact]
    public async Task ARowToBeReplacedThatIsGoneCostsOneRequestMore()
    {
        var instance = await OpenAsync();

        Assert.Equal(2, await CostAsync(() => TellAsync(instance, [Alice], 6, replaces: 5)));

        Assert.Equal(PresenceStatus.Online, Assert.Single(await RosterAsync(instance)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AWriteWhoseAnswerIsLostIsMadeOnce(bool isReplacing)
    {
        var instance = await OpenAsync();
        await TellAsync(instance, [Alice, Bob], 5);
        var lost = 0;
        _transport.OnResponse = (_, _) => LoseIf(lost++ == 0);

        await TellAsync(instance, [Alice, Bob], 6, replaces: isReplacing ? 5 : null, status: PresenceStatus.Away);

        Assert.All(await RosterAsync(instance), member => Assert.Equal(PresenceStatus.Away, member.Status));
        Assert.Equal(isReplacing ? 2 : 4, await RowsAsync());
    }

    [Fact]
    public async Task WhatIsFoundToSayNothingIsRemovedByWhoeverReadsTheRoster()
    {
        var instance = await OpenAsync();
        await TellAsync(instance, Users(60), 5);
        await TellAsync(instance, Users(60)[..45], 6);

        Assert.Equal(60, (await RosterAsync(instance)).Count);

        await UntilAsync(async () => await RowsAsync() == 60);
        Assert.Equal(60, (await RosterAsync(instance)).Count);
    }

    [Fact]
    public async Task ThatSomebodyIsGoneIsKeptAsLongAsLateWritesMayCome()
    {
        var instance = await OpenAsync();
        var now = Start.ToUnixTimeMilliseconds();
        await TellAsync(instance, Users(50), now - 1);
        await instance.Store.WriteRosterAsync(Conversation, [.. Users(50).Select(user => new RosterEntry(user, now, null, now - 1))], Cancellation);
        Assert.Equal(0, await NamesAsync("user-"));
        Clock.Advance(TimeSpan.FromMinutes(1) - Seconds(1));
        Assert.Equal(0, await instance.Store.CleanRostersAsync(Cancellation));
        await TellAsync(instance, Users(50), now - 1);
        Assert.Empty(await RosterAsync(instance));

        Clock.Advance(Seconds(1));
        await UntilAsync(async () =>
        {
            await instance.Store.CleanRostersAsync(Cancellation);
            return await RowsAsync() == 0;
        });
        Assert.Empty(await RosterAsync(instance));
    }

    [Fact]
    public async Task ThoseWhoNameAUserAreRemovedBeforeWhatSaysThatItIsGone()
    {
        var instance = await OpenAsync();
        await TellAsync(instance, Users(150), 5);
        await instance.Store.WriteRosterAsync(Conversation, [.. Users(150).Select(user => new RosterEntry(user, 6, null))], Cancellation);
        _transport.Batches.Clear();
        var requests = 0;
        _transport.OnRequest = request => LoseIf(request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) && ++requests > 2);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => instance.Store.CleanRostersAsync(Cancellation));

        _transport.OnRequest = null;
        Assert.Empty(await RosterAsync(instance));
    }

    [Fact]
    public async Task TheDailyCleanUpRemovesWhatNobodyReads()
    {
        var instance = await OpenAsync();
        foreach (var user in Users(10))
        {
            await instance.ApplyAsync(user, new Activity(Start));
            await instance.ApplyAsync(user, new SignedOut());
        }

        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(TimeSpan.FromHours(2));

        await instance.Get<Cleanup>().RunAsync(Cancellation);

        Assert.Equal([TableKeys.Roster(Alice, (await instance.Store.LoadAsync(Alice, Cancellation)).Records.Revision)],
            await RowsOf("lobby").Select(row => row.RowKey).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task WhoIsErasedIsInNoRowOfAnyRoster()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Joined(Conversation));
        await TellAsync(instance, [Alice], 3);
        await instance.ApplyAsync(Alice, new Activity(Start));

        await instance.Get<Erasure>().EraseAsync(Alice, Cancellation);

        Assert.Equal(0, await NamesAsync("alice"));
        Assert.Empty(await RosterAsync(instance));
    }

    private async Task<Instance> OpenAsync(Action<Presence.Core.Options.PresenceOptions>? change = null)
    {
        var instance = Create(change, _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        return instance;
    }

    private static Task TellAsync(
        Instance instance, IEnumerable<PresenceKey> users, long revision, long? replaces = null, PresenceStatus status = PresenceStatus.Online) =>
        instance.Store.WriteRosterAsync(
            Conversation,
            [
                .. users.Select(user => new RosterEntry(
                    user,
                    revision,
                    default(UserRecords).ViewOf(user) with { Status = status, LastActiveAt = Start, Version = revision },
                    replaces)),
            ],
            Cancellation);

    private async Task<int> CostAsync(Func<Task> call)
    {
        _transport.Requests.Clear();
        await call();
        return _transport.Requests.Count;
    }

    private static void LoseIf(bool isLost)
    {
        if (isLost)
        {
            throw FaultyTransport.Lost();
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(10, Cancellation);
        }
    }

    private Azure.AsyncPageable<TableEntity> RowsOf(string conversation)
    {
        var partition = TableKeys.Conversation(conversation);
        return Table.QueryAsync<TableEntity>(row => row.PartitionKey == partition, cancellationToken: Cancellation);
    }

    private async Task<int> RowsAsync() => await RowsOf(Conversation).CountAsync(Cancellation);

    /// <summary>How many rows of rosters name users whose ids begin so.</summary>
    private async Task<int> NamesAsync(string id) => await Table
        .QueryAsync<TableEntity>(row => row.PartitionKey.CompareTo("c:") >= 0 && row.PartitionKey.CompareTo("c;") < 0, cancellationToken: Cancellation)
        .CountAsync(row => row.RowKey.Contains(id, StringComparison.Ordinal), Cancellation);

    private static async Task<List<PresenceView>> RosterAsync(Instance instance) =>
        await instance.Store.RosterAsync(Conversation, Cancellation).Select(m => m.View).ToListAsync(Cancellation);
}
