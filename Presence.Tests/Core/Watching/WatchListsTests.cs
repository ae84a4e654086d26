using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Erasing;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using Presence.Core.Watching;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Watching;

/// <summary>Whom a connection watches, changed while it is open: what it hears then, what that costs, and what is left of it afterwards.</summary>
public sealed class WatchListsTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task AListIsReplacedAndChangedAndTakenBack()
    {
        var instance = await ConnectedAsync();
        var users = Users(4);

        Assert.Equal((2, "user-1 user-2"), Said(await ReplaceAsync(instance, users[..2])));
        Assert.Equal("1 2", Groups(instance));
        Assert.Equal((3, "user-3"), Said(await ChangeAsync(instance, [users[2]], [])));
        Assert.Equal("1 2 3", Groups(instance));
        Assert.Equal((3, "user-4 user-3"), Said(await ChangeAsync(instance, [users[3], users[2]], [users[0]])));
        Assert.Equal("2 3 4", Groups(instance));
        Assert.Equal((2, "user-1 user-4"), Said(await ReplaceAsync(instance, [users[0], users[3]])));
        Assert.Equal("1 4", Groups(instance));
        Assert.Equal((2, "user-1 user-4"), Said(await Lists(instance).ReadAsync(Alice, Connection, null, null, Cancellation)));
        Assert.Equal((0, ""), Said(await ReplaceAsync(instance)));
        Assert.Equal("", Groups(instance));
    }

    [Fact]
    public async Task NobodyWatchesByAConnectionThatIsNotTheirs()
    {
        var instance = await ConnectedAsync();

        Assert.Null(await Lists(instance).ChangeAsync(Bob, Connection, null, new([Alice], null), null, Cancellation));
        Assert.Null(await Lists(instance).ChangeAsync(Alice, OtherConnection, null, new([Bob], null), null, Cancellation));
        Assert.Null(await Lists(instance).ReadAsync(Bob, Connection, null, null, Cancellation));

        Assert.Empty(await RowsAsync());
        Assert.False(await IsMarkedAsync(instance, Bob));
    }

    [Fact]
    public async Task WithCredentialsFromBeforeASignOutNobodyWatches()
    {
        var instance = await ConnectedAsync();
        await instance.ApplyAsync(Alice, new SignedOut(IsRevoked: true));

        await Assert.ThrowsAsync<SignedOutException>(() => Lists(instance).ChangeAsync(Alice, Connection, Start, new([Bob], null), null, Cancellation));
        await Assert.ThrowsAsync<SignedOutException>(() => Lists(instance).ReadAsync(Alice, Connection, Start, null, Cancellation));
    }

    [Fact]
    public async Task WhoWatchesIsToldOfWhomItWatches()
    {
        var instance = await ConnectedAsync(o => (o.Visibility, o.DefaultConversation) = (Visibility.Everybody, ""));
        await ReplaceAsync(instance, Bob);

        await instance.ApplyAsync(Bob, new Activity(Start));

        Assert.Equal([PresenceStatus.Online], instance.Realtime.Heard(Connection).SelectMany(message => message.Views).Select(v => v.Status));
    }

    [Fact]
    public async Task AConnectionOfOneFromWhomSomeAreHiddenListensWhenEverybodyKnowsOfIt()
    {
        var instance = await ConnectedAsync(o => o.Visibility = Visibility.Everybody);
        await instance.ApplyAsync(Alice, new Blocked(Guest, new(Guest, null, 0)));
        var change = ReplaceAsync(instance, Bob);

        Assert.NotSame(change, await Task.WhenAny(change, Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation)));
        Assert.False(instance.Realtime.IsIn(Connection, GroupName.User(Bob)));
        await Clock.RunAsync(change, Seconds(0.2));

        Assert.True(instance.Realtime.IsIn(Connection, GroupName.User(Bob)));
    }

    [Fact]
    public async Task WhoMayNotBeSeenIsAsOneWhomNobodyKnowsAndIsNotHeard()
    {
        var instance = await ConnectedAsync(o => o.DefaultConversation = "");
        await instance.ApplyAsync(Bob, new Activity(Start));

        var read = await ReplaceAsync(instance, Bob, Users(1)[0]);

        Assert.All(read!.Reading.Users, view => Assert.Equal((PresenceStatus.Offline, null, 0), (view.Status, view.LastActiveAt, view.Version)));
        Assert.Equal(2, read.Watching);
        Assert.False(instance.Realtime.IsIn(Connection, GroupOf(Bob)));
    }

    [Fact]
    public async Task ARightThatIsLostMeanwhileIsLost()
    {
        var instance = await ConnectedAsync(o => o.DefaultConversation = "");
        await JoinAsync(instance, Alice, Bob);
        instance.Realtime.OnCalled = async what =>
        {
            if (what.StartsWith("enter c1 user:", StringComparison.Ordinal))
            {
                await instance.ApplyAsync(Bob, new Left("c"));
            }
        };

        var read = await ReplaceAsync(instance, Bob);

        Assert.Equal(0, Assert.Single(read!.Reading.Users).Version);
        Assert.False(instance.Realtime.IsIn(Connection, GroupOf(Bob, "c")));
    }

    [Fact]
    public async Task WhatTheServiceRefusesHalfWayIsMadeGoodBySayingItAgain()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Users(20));
        var calls = 0;
        instance.Realtime.OnCall = what => what.StartsWith("send", StringComparison.Ordinal) || ++calls % 7 != 0
            ? Task.CompletedTask
            : throw new RealtimeUnavailableException("refused");
        PresenceKey[] after = Users(40)[20..];

        var attempts = 0;
        for (WatchReading? read = null; read is null; attempts++)
        {
            try
            {
                read = await Clock.RunAsync(ReplaceAsync(instance, after), Seconds(0.2));
            }
            catch (RealtimeUnavailableException)
            {
                (calls, instance.Realtime.OnCall) = (0, attempts < 2 ? instance.Realtime.OnCall : null);
                Clock.Advance(Seconds(6));
            }
        }

        Assert.True(attempts > 1);
        Assert.Equal(string.Join(' ', Enumerable.Range(21, 20)), Groups(instance));
    }

    [Fact]
    public async Task WhatStopsBeforeTheListIsWrittenIsMadeGoodBySayingItAgain()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Users(3));
        _transport.OnRequest = request =>
        {
            if (FaultyTransport.IsWrite(request) && request.Uri.ToString().Contains("wl", StringComparison.Ordinal))
            {
                throw FaultyTransport.Lost();
            }
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReplaceAsync(instance, Users(6)[3..]));
        _transport.OnRequest = null;

        await ReplaceAsync(instance, Users(6)[3..]);

        Assert.Equal("4 5 6", Groups(instance));
    }

    [Fact]
    public async Task OfTwoChangesAtOnceNoneIsLost()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Users(10));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => ChangeAsync(instance, [Users(20)[10 + i]], [Users(10)[i]])));

        Assert.Equal(string.Join(' ', Enumerable.Range(6, 10)), Groups(instance));
        Assert.Equal(10, (await Lists(instance).ReadAsync(Alice, Connection, null, null, Cancellation))!.Watching);
    }

    [Fact]
    public async Task AUserAddedByOneAndRemovedByAnotherAtOnceIsInTheGroupExactlyIfItIsInTheList()
    {
        var instance = await ConnectedAsync();
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(ChangeAsync(instance, [Bob], []), ChangeAsync(instance, [], [Bob]));

            var watching = (await Lists(instance).ReadAsync(Alice, Connection, null, null, Cancellation))!.Watching;
            Assert.Equal(watching == 1, instance.Realtime.IsIn(Connection, GroupOf(Bob)));
        }
    }

    [Fact]
    public async Task AListNamesAtMostFiveHundred()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Users(3));
        await using (var list = Table.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation))
        {
            while (await list.MoveNextAsync())
            {
                if (TableKeys.KindOf(list.Current.RowKey) == TableKeys.WatchPrefix)
                {
                    var full = WatchRows.ToEntity(list.Current.PartitionKey, list.Current.RowKey, [.. Users(499)]);
                    await Table.UpdateEntityAsync(full, Azure.ETag.All, Azure.Data.Tables.TableUpdateMode.Replace, Cancellation);
                }
            }
        }

        Assert.Equal(500, (await ChangeAsync(instance, [Users(500)[499]], []))!.Watching);
        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => ChangeAsync(instance, [Bob], []));
        Assert.Equal("add", refused.Field);
        Assert.Equal(500, (await ChangeAsync(instance, [Bob], [Users(1)[0]]))!.Watching);
    }

    [Fact]
    public async Task TheListOfAConnectionEndsWithIt()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Bob);
        await instance.ApplyAsync(Alice, new Connected(OtherConnection, Clock.GetUtcNow(), Watching: [Bob]));
        Assert.Equal(2, (await RowsAsync()).Count);

        await instance.ApplyAsync(Alice, new Disconnected(Connection));
        Assert.Equal(TableKeys.Watches(Alice, OtherConnection), Assert.Single(await RowsAsync()));

        await instance.ApplyAsync(Alice, new SignedOut());
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task AListThatIsGoneIsMadeAnewAndKeepsNobodyFromLeaving()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Bob);
        await LoseRowAsync();

        Assert.Equal(1, (await ChangeAsync(instance, [Guest], []))!.Watching);
        Assert.Equal([Guest], (await instance.Get<IWatchStore>().FindAsync(Alice, Connection, Cancellation))!.Users);
        await LoseRowAsync();
        await instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal(PresenceStatus.Offline, (await instance.ViewAsync(Alice)).Status);
        Assert.Null(await ChangeAsync(instance, [Guest], []));
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task AListWhoseConnectionIsNotSaidToWatchIsFoundAllTheSame()
    {
        var instance = await ConnectedAsync();
        var partition = TableKeys.Partition(TableKeys.Shard(Alice, 4));
        await Table.UpsertEntityAsync(WatchRows.ToEntity(partition, TableKeys.Watches(Alice, Connection), [Bob]), cancellationToken: Cancellation);
        instance.Realtime.Has(Connection, Alice);
        await instance.Realtime.EnterGroupAsync(Connection, GroupOf(Bob), Cancellation);

        Assert.Equal((1, "bob"), Said(await Lists(instance).ReadAsync(Alice, Connection, null, null, Cancellation)));
        Assert.Equal((2, Guest.ToString()), Said(await ChangeAsync(instance, [Guest], [])));
        Assert.Equal((0, ""), Said(await ReplaceAsync(instance)));
        Assert.False(instance.Realtime.IsIn(Connection, GroupOf(Bob)));
    }

    [Fact]
    public async Task WhoIsAddedByAnotherCallWhileTheConnectionLeavesIsInTheGroupExactlyIfItIsInTheList()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Bob);
        var adds = 0;
        _transport.OnRequest = request =>
        {
            // The connection has left, and the list still names the user: now another call finds that all is well.
            if (FaultyTransport.IsWrite(request) && adds++ == 0)
            {
                instance.Realtime.EnterGroupAsync(Connection, GroupOf(Bob), Cancellation).AsTask().GetAwaiter().GetResult();
            }
        };

        await ChangeAsync(instance, [], [Bob]);

        Assert.False(instance.Realtime.IsIn(Connection, GroupOf(Bob)));
        Assert.True(adds > 0);
    }

    [Fact]
    public async Task WhoIsAddedAgainJustAfterItWasTakenOutIsHeard()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Bob);
        var exits = 0;
        instance.Realtime.OnCall = async what =>
        {
            // The second time: the list does not name the user any more.
            if (what.StartsWith($"exit {Connection} user:", StringComparison.Ordinal) && ++exits == 2)
            {
                await ChangeAsync(instance, [Bob], []);
            }
        };

        await ChangeAsync(instance, [], [Bob]);

        Assert.True(exits >= 2);
        Assert.True(instance.Realtime.IsIn(Connection, GroupOf(Bob)));
    }

    [Fact]
    public async Task WhoComesIntoAConversationHearsThereWhomItWatches()
    {
        var instance = await ConnectedAsync(o => o.DefaultConversation = "");
        await instance.ApplyAsync(Bob, new Joined("c"));
        await ReplaceAsync(instance, Bob, Guest);
        Assert.False(instance.Realtime.IsIn(Connection, GroupOf(Bob, "c")));

        await instance.ApplyAsync(Alice, new Joined("c"));

        Assert.Equal((true, false), (instance.Realtime.IsIn(Connection, GroupOf(Bob, "c")), instance.Realtime.IsIn(Connection, GroupOf(Guest, "c"))));
    }

    [Fact]
    public async Task WhoComesIntoAConversationWhileItsListIsWrittenHearsThereWhomItWatches()
    {
        var instance = await ConnectedAsync(o => o.DefaultConversation = "");
        await instance.ApplyAsync(Bob, new Joined("c"));
        await ReplaceAsync(instance, Guest);
        var writes = 0;
        _transport.OnRequest = request =>
        {
            if (FaultyTransport.IsWrite(request) && writes++ == 0)
            {
                instance.ApplyAsync(Alice, new Joined("c")).GetAwaiter().GetResult();
            }
        };

        await ReplaceAsync(instance, Guest, Bob);

        Assert.True(writes > 0);
        Assert.True(instance.Realtime.IsIn(Connection, GroupOf(Bob, "c")));
    }

    [Fact]
    public async Task WhoMayNotBeSeenAnyMoreWhenAConnectionHasComeInIsNotHeardOnIt()
    {
        var instance = await ConnectedAsync(o => o.DefaultConversation = "");
        await instance.ApplyAsync(Bob, new SeenBy(Alice, Holds: true));
        instance.Realtime.Has(OtherConnection, Alice);
        instance.Realtime.OnCall = async what =>
        {
            if (what == $"enter {OtherConnection} {GroupName.AllowedTo(Bob)}")
            {
                await instance.ApplyAsync(Bob, new SeenBy(Alice, Holds: false));
            }
        };

        await instance.ApplyAsync(Alice, new Connected(OtherConnection, Clock.GetUtcNow(), Watching: [Bob]));

        Assert.False(instance.Realtime.IsIn(OtherConnection, GroupName.AllowedTo(Bob)));
    }

    [Fact]
    public async Task AWelcomeDoneLateDoesNotBringBackWhomTheConnectionWatchesNoMore()
    {
        var instance = await ConnectedAsync(o => o.Visibility = Visibility.Everybody);
        instance.Realtime.Has(OtherConnection, Alice);
        var fails = true;
        instance.Realtime.OnCall = what => fails && (what == "send " + OtherConnection || what == "close " + OtherConnection)
            ? throw new RealtimeUnavailableException("refused")
            : Task.CompletedTask;
        await Clock.RunAsync(instance.ApplyAsync(Alice, new Connected(OtherConnection, Clock.GetUtcNow(), Watching: [Bob])), Seconds(0.2));
        fails = false;
        Clock.Advance(Seconds(6));
        await Lists(instance).ChangeAsync(Alice, OtherConnection, null, new([Guest], null), null, Cancellation);
        Assert.False(instance.Realtime.IsIn(OtherConnection, GroupName.User(Bob)));

        Clock.Advance(Seconds(120));
        Assert.True((await Clock.RunAsync(instance.Sweep.RunAsync(Cancellation), Seconds(0.2))).Duties > 0);

        Assert.Equal((false, true), (instance.Realtime.IsIn(OtherConnection, GroupName.User(Bob)), instance.Realtime.IsIn(OtherConnection, GroupName.User(Guest))));
    }

    [Fact]
    public async Task WhomAConnectionWatchesSinceItWasNegotiatedIsInItsListToo()
    {
        var instance = await ConnectedAsync();
        await instance.ApplyAsync(Alice, new Connected(OtherConnection, Clock.GetUtcNow(), Watching: [Bob, Guest]));
        instance.Realtime.Has(OtherConnection, Alice);
        Assert.True(instance.Realtime.IsIn(OtherConnection, GroupOf(Bob)));

        var read = await Lists(instance).ChangeAsync(Alice, OtherConnection, null, new([Guest], null), null, Cancellation);

        Assert.Equal(1, read!.Watching);
        Assert.Equal((false, true), (instance.Realtime.IsIn(OtherConnection, GroupOf(Bob)), instance.Realtime.IsIn(OtherConnection, GroupOf(Guest))));
    }

    [Fact]
    public async Task WhomAConnectionWatchesSinceItWasNegotiatedIsHeardOnlyIfItMayBeSeen()
    {
        var instance = await ConnectedAsync(o => o.DefaultConversation = "");
        await JoinAsync(instance, Alice, Bob);

        await instance.ApplyAsync(Alice, new Connected(OtherConnection, Clock.GetUtcNow(), Watching: [Bob, Guest]));

        Assert.Equal((true, false), (instance.Realtime.IsIn(OtherConnection, GroupOf(Bob, "c")), instance.Realtime.IsIn(OtherConnection, GroupOf(Guest, "c"))));
    }

    [Fact]
    public async Task ErasingAUserLeavesNoneOfItsLists()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Bob);
        await Table.UpsertEntityAsync(
            WatchRows.ToEntity(TableKeys.Partition(TableKeys.Shard(Alice, 4)), TableKeys.Watches(Alice, "left"), [Bob]), cancellationToken: Cancellation);

        await instance.Get<Erasure>().EraseAsync(Alice, Cancellation);

        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task TheCleanUpTakesErasedUsersOutOfTheListsOfOthers()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Bob, Guest);
        var lists = instance.Get<IWatchStore>();
        Assert.Equal(0, await lists.ForgetErasedAsync(Cancellation));

        await instance.Get<Erasure>().EraseAsync(Bob, Cancellation);

        Assert.Equal(1, await lists.ForgetErasedAsync(Cancellation));
        Assert.Equal([Guest], (await lists.FindAsync(Alice, Connection, Cancellation))!.Users);
        Assert.Equal(0, await lists.ForgetErasedAsync(Cancellation));
    }

    [Fact]
    public async Task TheCleanUpRemovesListsThatNoConnectionCanHaveAnyMore()
    {
        var instance = await ConnectedAsync();
        await ReplaceAsync(instance, Bob);
        var lists = instance.Get<IWatchStore>();

        Assert.Equal(0, await lists.RemoveOldAsync(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1), Cancellation));
        Assert.Equal(1, await lists.RemoveOldAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), Cancellation));
    }

    [Fact]
    public async Task AListOfTheLongestIdsIsKeptAsItIs()
    {
        var instance = await ConnectedAsync();
        var lists = instance.Get<IWatchStore>();
        await ReplaceAsync(instance, Bob);
        PresenceKey[] users =
        [
            .. Enumerable.Range(100, 500).Select(i => PresenceKey.Registered(
                (i % 3) switch { 0 => new string('/', 125), 1 => new string('\u20ac', 125), _ => string.Concat(Enumerable.Repeat("\U0001f600", 62)) } + i)),
        ];

        var before = await lists.FindAsync(Alice, Connection, Cancellation);
        Assert.True(await lists.TryReplaceAsync(Alice, Connection, before!, [.. users], Cancellation));
        Assert.False(await lists.TryReplaceAsync(Alice, Connection, before!, [], Cancellation));

        Assert.Equal(users, (await lists.FindAsync(Alice, Connection, Cancellation))!.Users);
    }

    [Fact]
    public async Task FiveHundredWhoAreMarkedCostTwoReadsPerShardTwiceAndACallEach()
    {
        const int shards = 16;
        var instance = await ConnectedAsync(o => o.ShardCount = shards);
        var users = Users(500);
        await ReplaceAsync(instance, users);
        _transport.Requests.Clear();
        var calls = instance.Realtime.Calls;

        var read = await ReplaceAsync(instance, users);

        Assert.Equal((500, 500, 500), (read!.Watching, read.Reading.Users.Length, instance.Realtime.Calls - calls));
        Assert.All(_transport.Requests, request => Assert.StartsWith("GET", request, StringComparison.Ordinal));
        Assert.InRange(_transport.Requests.Count, 4, (2 * 2 * shards) + 4);
    }

    [Fact]
    public async Task ThoseHereWhoAreNotMarkedYetAreMarkedTogether()
    {
        var instance = await ConnectedAsync();
        var users = Users(60);
        await Task.WhenAll(users.Select(user => instance.ApplyAsync(user, new Activity(Start))));
        await ReplaceAsync(instance, Bob);
        _transport.Requests.Clear();

        await ReplaceAsync(instance, users);

        // One transaction in each of the four shards, and the list.
        Assert.Equal(4 + 1, _transport.Requests.Count(request => !request.StartsWith("GET", StringComparison.Ordinal)));
        Assert.True(await IsMarkedAsync(instance, users[59]));
    }

    [Fact]
    public async Task SinceAVersionOnlyWhatHasChangedIsTold()
    {
        var instance = await ConnectedAsync(o => o.DefaultConversation = "");
        var users = Users(6);
        await JoinAsync(instance, [Alice, .. users]);
        Clock.Advance(Seconds(60));
        var first = await ReplaceAsync(instance, users);
        Assert.True(first!.Reading.IsComplete);
        Clock.Advance(Seconds(60));
        var since = PresenceReading.ParseVersion(first.Reading.Version, "since");
        await instance.ApplyAsync(users[3], new Activity(Clock.GetUtcNow()));
        await instance.ApplyAsync(users[4], new Left("c"));

        var second = await Lists(instance).ReadAsync(Alice, Connection, null, since, Cancellation);
        Assert.Equal((6, "user-4 user-5"), Said(second));
        Assert.False(second!.Reading.IsComplete);

        var third = await Lists(instance).ReadAsync(Alice, Connection, null, since - TimeSpan.FromHours(2), Cancellation);
        Assert.Equal((6, true), (third!.Reading.Users.Length, third.Reading.IsComplete));

        await instance.ApplyAsync(Alice, new Joined("d"));
        Assert.True((await Lists(instance).ReadAsync(Alice, Connection, null, since, Cancellation))!.Reading.IsComplete);
    }

    private async Task LoseRowAsync() => await Table.DeleteEntityAsync(
        TableKeys.Partition(TableKeys.Shard(Alice, 4)), Assert.Single(await RowsAsync()), cancellationToken: Cancellation);

    private static string GroupOf(PresenceKey user, string conversation = "lobby") => GroupName.Watching(user, conversation);

    private static WatchLists Lists(Instance instance) => instance.Get<WatchLists>();

    private static Task<WatchReading?> ReplaceAsync(Instance instance, params PresenceKey[] users) =>
        Lists(instance).ChangeAsync(Alice, Connection, null, new([.. users], Removed: null), null, Cancellation);

    private static Task<WatchReading?> ChangeAsync(Instance instance, PresenceKey[] add, PresenceKey[] remove) =>
        Lists(instance).ChangeAsync(Alice, Connection, null, new([.. add], [.. remove]), null, Cancellation);

    private static (int Watching, string Users) Said(WatchReading? read) =>
        (read!.Watching, string.Join(' ', read.Reading.Users.Select(view => view.UserId)));

    private static string Groups(Instance instance) => string.Join(
        ' ', Enumerable.Range(1, 40).Where(i => instance.Realtime.IsIn(Connection, GroupOf(PresenceKey.Registered($"user-{i}")))));

    private static async Task JoinAsync(Instance instance, params PresenceKey[] users)
    {
        foreach (var user in users)
        {
            await instance.ApplyAsync(user, new Joined("c"));
        }
    }

    private static async Task<bool> IsMarkedAsync(Instance instance, PresenceKey user) =>
        (await instance.Store.LoadAsync(user, Cancellation)).Records.IsWatched;

    private async Task<List<string>> RowsAsync() => await Table
        .QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancellation)
        .Where(row => TableKeys.KindOf(row.RowKey) == TableKeys.WatchPrefix)
        .Select(row => row.RowKey)
        .ToListAsync(Cancellation);

    private async Task<Instance> ConnectedAsync(Action<PresenceOptions>? change = null)
    {
        var instance = Create(change, _transport);
        instance.Realtime.Has(Connection, Alice);
        await instance.ApplyAsync(Alice, new Connected(Connection, Clock.GetUtcNow()));
        return instance;
    }
}
