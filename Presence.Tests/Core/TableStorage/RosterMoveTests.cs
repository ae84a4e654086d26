using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>A table that an older version made, with rosters in the shards of their users, goes over once.</summary>
public sealed class RosterMoveTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ANewTableHasNothingToMove()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        _transport.Requests.Clear();

        Assert.Equal(0, await MoveAsync(instance));

        Assert.Empty(_transport.Requests);
    }

    [Fact]
    public async Task WhatLayWithUsersLiesByConversationAndTheNextStartKnows()
    {
        await MakeOldAsync(Users(30));
        var instance = Create();

        Assert.Equal(30 * 2, await MoveAsync(instance));

        Assert.Empty(await OldRowsAsync());
        Assert.Equal(30, await RosterAsync(instance, "a"));
        Assert.Equal(30, await RosterAsync(instance, "b"));
        var next = Create(transport: _transport);
        Assert.Equal(0, await MoveAsync(next));
        _transport.Requests.Clear();
        Assert.Equal(30, await RosterAsync(next, "a"));
        Assert.Single(_transport.Requests);
    }

    [Fact]
    public async Task UntilItIsDoneRostersAreReadInBothPlaces()
    {
        await MakeOldAsync(Users(30));
        var instance = Create();
        Assert.Equal(30, await RosterAsync(instance, "a"));

        await instance.ApplyAsync(Users(1)[0], new SignedOut());
        await instance.ApplyAsync(Users(2)[1], new Left("a"));
        Assert.Equal(29, await RosterAsync(instance, "a"));

        await MoveAsync(instance);
        Assert.Equal(29, await RosterAsync(instance, "a"));
        Assert.Equal(PresenceStatus.Offline, (await instance.Rosters.ReadFreshAsync("b", Cancellation)).Members.Single(m => m.UserId == "user-1").Status);
    }

    [Fact]
    public async Task OneThatIsInterruptedAnywhereGoesOnAnywhere()
    {
        await MakeOldAsync(Users(12));
        for (var lost = 0; ; lost++)
        {
            var sent = 0;
            _transport.OnRequest = _ => LoseIf(sent++ >= lost);
            var failed = await Record.ExceptionAsync(() => MoveAsync(Create(transport: _transport)));
            _transport.OnRequest = null;
            Assert.Equal(12, await RosterAsync(Create(), "a"));
            if (failed is null)
            {
                break;
            }

            Assert.IsType<StoreUnavailableException>(failed);
        }

        Assert.Empty(await OldRowsAsync());
        Assert.Equal(12, await RosterAsync(Create(), "b"));
    }

    [Fact]
    public async Task SeveralInstancesMayDoItAtOnce()
    {
        await MakeOldAsync(Users(40));
        Instance[] instances = [Create(), Create(), Create()];

        await Task.WhenAll(instances.Select(MoveAsync));

        Assert.Empty(await OldRowsAsync());
        Assert.All(await Task.WhenAll(instances.Select(i => RosterAsync(i, "a"))), count => Assert.Equal(40, count));
    }

    [Fact]
    public async Task ARowThatCannotBeReadGoes()
    {
        await MakeOldAsync(Users(3));
        await Table.AddEntityAsync(new TableEntity("s00", "cm:a|anon:"), Cancellation);
        var instance = Create();

        await MoveAsync(instance);

        Assert.Empty(await OldRowsAsync());
        Assert.Equal(3, await RosterAsync(instance, "a"));
    }

    [Fact]
    public async Task WhoWasThereBeforeIsFollowedFromThenOnWithoutARowTooMany()
    {
        await MakeOldAsync(Users(3));
        var instance = Create();
        await MoveAsync(instance);

        foreach (var user in Users(3))
        {
            await instance.ApplyAsync(user, new SignedOut());
            await instance.ApplyAsync(user, new Left("b"));
        }

        Assert.Equal(3, await Table.QueryAsync<TableEntity>(row => row.PartitionKey == "c:a", cancellationToken: Cancellation).CountAsync(Cancellation));
        Assert.Equal(0, await RosterAsync(instance, "b"));
    }

    /// <summary>Users who are here, in two conversations, as an older version kept them.</summary>
    private async Task MakeOldAsync(IEnumerable<PresenceKey> users)
    {
        var instance = Create();
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        await Table.UpsertEntityAsync(new TableEntity(TableKeys.MetaPartition, "shards") { ["ShardCount"] = 4 }, TableUpdateMode.Replace, Cancellation);
        foreach (var user in users)
        {
            var partition = TableKeys.Partition(TableKeys.Shard(user, 4));
            var here = new OnlineRecord
            {
                Since = Start, LastActiveAt = Start, RecordedAt = Start, DueAt = Start + Seconds(300), Status = PresenceStatus.Online,
                Conversations = ["a", "b"], Version = Start.ToUnixTimeMilliseconds(),
            };
            var online = here.ToEntity(partition, TableKeys.Online(user));
            online.Remove(nameof(UserRecord.Revision));
            online.Remove(nameof(UserRecord.Told));
            await Table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.Add, online),
                    new(TableTransactionActionType.Add, new ProfileRecord().ToEntity(partition, TableKeys.Profile(user))),
                    .. here.Conversations.Select(c => new TableTransactionAction(
                        TableTransactionActionType.Add,
                        new UserRecords(here, null).ViewOf(user).ToRosterEntity(partition, $"cm:{c}|{KeyEscape.Escape(user.ToString())}"))),
                ],
                Cancellation);
        }
    }

    private async Task<List<TableEntity>> OldRowsAsync() => await Table
        .QueryAsync<TableEntity>(
            row => row.PartitionKey.CompareTo("s") > 0 && row.RowKey.CompareTo("cm:") >= 0 && row.RowKey.CompareTo("cm;") < 0, cancellationToken: Cancellation)
        .ToListAsync(Cancellation);

    private static void LoseIf(bool isLost)
    {
        if (isLost)
        {
            throw FaultyTransport.Lost();
        }
    }

    private static Task<int> MoveAsync(Instance instance) => instance.Get<RosterMove>().RunAsync(Cancellation);

    private static async Task<int> RosterAsync(Instance instance, string conversation) =>
        (await instance.Rosters.ReadFreshAsync(conversation, Cancellation)).Members.Length;
}
