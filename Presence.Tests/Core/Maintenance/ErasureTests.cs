using System.Collections.Concurrent;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Maintenance;
using Presence.Core.Ports;
using Presence.Core.Sessions;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Maintenance;

public sealed class ErasureTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly ConcurrentQueue<Transition> _announced = [];
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task NothingOfTheUserIsLeftAndOthersAreToldOnce()
    {
        var instance = Create();
        await LivedAsync(instance, Alice);
        await LivedAsync(instance, Bob);

        var report = await EraseAsync(instance, Alice);

        // Online, profile, count, two conversations.
        Assert.Equal(new ErasureReport(5, 0, true), report);
        Assert.Empty(await RowsOfAsync("alice"));
        Assert.Equal(5, (await RowsOfAsync("bob")).Count);
        var told = Assert.Single(_announced);
        Assert.Equal((Alice, PresenceStatus.Offline), (told.User, told.View.Status));
        Assert.Equal(["a", "b"], told.Conversations);
        Assert.Equal(["alice-1", "alice-2"], instance.Realtime.Closed);
        Assert.Equal(1, await TotalAsync(instance));
    }

    [Fact]
    public async Task AGuestLosesItsSessionsAsWell()
    {
        var instance = Create();
        await LivedAsync(instance, Guest);
        var sessions = instance.Get<AnonymousSessions>();
        var session = await sessions.IssueAsync(Guest, null, Cancellation);
        await sessions.IssueAsync(Guest, null, Cancellation);
        await sessions.ValidateAsync(session.Token, Cancellation);

        Assert.Equal(new ErasureReport(6, 2, true), await EraseAsync(instance, Guest));

        Assert.Null(await sessions.ValidateAsync(session.Token, Cancellation));
        Assert.Empty(await RowsOfAsync("guest"));
    }

    [Fact]
    public async Task ARepeatFindsNothingAndSaysNothing()
    {
        var instance = Create();
        await LivedAsync(instance, Alice);
        await EraseAsync(instance, Alice);
        var rows = await RowsOfAsync("");

        Assert.Equal(new ErasureReport(0, 0, false), await EraseAsync(instance, Alice));

        Assert.Single(_announced);
        Assert.Equal(rows, await RowsOfAsync(""));
    }

    [Fact]
    public async Task OneWhoIsOfflineIsErasedWithoutNews()
    {
        var instance = Create();
        await LivedAsync(instance, Alice);
        await instance.ApplyAsync(Alice, new SignedOut());

        Assert.Equal(new ErasureReport(4, 0, false), await EraseAsync(instance, Alice));

        Assert.Empty(_announced);
        Assert.Equal(["alice-1", "alice-2"], instance.Realtime.Closed);
    }

    [Fact]
    public async Task ThisInstanceForgetsTheUserAtOnce()
    {
        var instance = Create();
        await instance.ApplyAsync(Alice, new Joined("a"));
        await instance.Recorder.RecordAsync(Alice, Start);
        Assert.Single((await instance.Rosters.ReadAsync("a", Cancellation)).Members);

        await EraseAsync(instance, Alice);

        Assert.Equal(0, instance.Recorder.CacheSize);
        Assert.Empty((await instance.Rosters.ReadAsync("a", Cancellation)).Members);
        Assert.False((await instance.Recorder.RecordAsync(Alice, Start)).Throttled);
    }

    [Fact]
    public async Task AnotherInstanceRemembersForAWindowThatTheUserWasHereAndWritesNothing()
    {
        var (here, elsewhere) = (Create(), Create());
        await elsewhere.Recorder.RecordAsync(Alice, Start);
        await EraseAsync(here, Alice);

        Assert.True((await elsewhere.Recorder.RecordAsync(Alice, Start)).Throttled);
        Assert.Empty(await RowsOfAsync("alice"));

        Clock.Advance(Seconds(65));
        Assert.False((await elsewhere.Recorder.RecordAsync(Alice, Clock.GetUtcNow())).Throttled);
        Assert.Equal(1, await TotalAsync(here));
    }

    [Fact]
    public async Task ConnectionsThatCannotBeClosedAreKeptForTheRepeat()
    {
        var instance = Create();
        await LivedAsync(instance, Alice);
        instance.Realtime.IsOutOfReach = true;

        await Assert.ThrowsAsync<RealtimeUnavailableException>(() => EraseAsync(instance, Alice));
        Assert.Equal(PresenceStatus.Offline, Assert.Single(_announced).View.Status);
        instance.Realtime.IsOutOfReach = false;
        await EraseAsync(instance, Alice);

        Assert.Equal(["alice-1", "alice-2"], instance.Realtime.Closed);
        Assert.Empty(await RowsOfAsync("alice"));
        Assert.Single(_announced);
    }

    /// <summary>From each single request on, storage is out of reach: before it arrives, or after it is applied.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task WhereverStorageIsLostARepeatFinishes(bool applied, bool addedUp)
    {
        var instance = Create(o => o.ShardCount = 1, _transport);
        await LivedAsync(instance, Bob);
        var failures = 0;
        for (var lostFrom = 0; ; lostFrom++)
        {
            _announced.Clear();
            var user = PresenceKey.Registered($"user-{lostFrom}.");
            await LivedAsync(instance, user);
            if (addedUp)
            {
                await instance.Get<IMaintenanceStore>().AddUpUsersAsync(Cancellation);
            }

            LoseFrom(lostFrom, applied);
            var failed = await Record.ExceptionAsync(() => EraseAsync(instance, user));
            LoseFrom(int.MaxValue, applied);
            if (failed is not null)
            {
                Assert.IsType<StoreUnavailableException>(failed);
                failures++;
                await EraseAsync(instance, user);
            }

            Assert.Empty(await RowsOfAsync(user.ToString()));
            Assert.Equal(1, await TotalAsync(instance));
            Assert.Equal(PresenceStatus.Offline, Assert.Single(_announced).View.Status);
            if (failed is null)
            {
                break;
            }
        }

        Assert.InRange(failures, 8, 14);
    }

    [Fact]
    public async Task WhateverHappensMeanwhileNoHalfOfAUserIsLeft()
    {
        var seed = Random.Shared.Next(1_000_000);
        var random = new Random(seed);
        Instance[] instances = [Create(), Create(), Create()];
        for (var round = 0; round < 25; round++)
        {
            var calls = Enumerable.Range(0, random.Next(2, 7)).Select(i => Call(random.Next(8), instances[random.Next(3)], $"c{round}-{i}"))
                .Append(() => EraseAsync(instances[0], Alice))
                .ToList();
            await Task.WhenAll(calls.Select(call => Task.Run(call)));
            await AssertWholeAsync(instances[1], $"seed {seed}, round {round}");
            Clock.Advance(Seconds(random.Next(1, 100)));
        }

        await EraseAsync(instances[2], Alice);
        Assert.Empty(await RowsOfAsync("alice"));
        Assert.Equal(0, await TotalAsync(instances[0]));
    }

    private Func<Task> Call(int kind, Instance instance, string connection) => kind switch
    {
        0 or 1 => () => EraseAsync(instance, Alice),
        2 => () => instance.ApplyAsync(Alice, new Connected(connection)),
        3 => () => instance.ApplyAsync(Alice, new Joined(connection)),
        4 => () => instance.ApplyAsync(Alice, new SignedOut()),
        5 => () => instance.Get<Cleanup>().RunAsync(Cancellation),
        _ => () => instance.Recorder.RecordAsync(Alice, Clock.GetUtcNow()).AsTask(),
    };

    private async Task AssertWholeAsync(Instance instance, string when)
    {
        var stored = await instance.Store.LoadAsync(Alice, Cancellation);
        var accounted = TableKeys.Accounted(stored);
        var rows = (await RowsOfAsync("alice")).Select(r => r.RowKey).ToList();

        // The count may be added up; the profile is there even while the user is here, the online row only then.
        var missing = accounted.Except(rows).Except([TableKeys.Count(Alice)]).ToList();
        var expectedMissing = stored.Records is { Online: null, Profile: not null } ? new[] { TableKeys.Online(Alice) } : [];
        Assert.True(expectedMissing.SequenceEqual(missing), $"{when}: without {string.Join(" ", missing)}");
        Assert.True(rows.All(accounted.Contains), $"{when}: left {string.Join(" ", rows.Except(accounted))}");
        var total = await TotalAsync(instance);
        Assert.True(total == (UserCount.Includes(Alice, stored.Records) ? 1 : 0), $"{when}: {total} users");
    }

    /// <summary>One who is in two conversations, watched, here, and connected twice.</summary>
    private static async Task LivedAsync(Instance instance, PresenceKey user)
    {
        await instance.ApplyAsync(user, new Joined("a"));
        await instance.ApplyAsync(user, new Joined("b"));
        await instance.ApplyAsync(user, new Watched());
        await instance.ApplyAsync(user, new Connected($"{user.Id}-1"));
        await instance.ApplyAsync(user, new Connected($"{user.Id}-2"));
    }

    private void LoseFrom(int first, bool applied)
    {
        var sent = 0;
        _transport.OnRequest = applied ? null : _ => Lose(sent++ >= first);
        _transport.OnResponse = applied ? (_, _) => Lose(sent++ >= first) : null;

        static void Lose(bool lose)
        {
            if (lose)
            {
                throw FaultyTransport.Lost();
            }
        }
    }

    private async Task<ErasureReport> EraseAsync(Instance instance, PresenceKey user) => await instance.Get<Erasure>().EraseAsync(
        user, transitions => transitions.ToList().ForEach(_announced.Enqueue), Cancellation);

    private static async Task<long> TotalAsync(Instance instance) => (await instance.Get<StatsReader>().ReadAsync(Cancellation)).TotalUsers;

    /// <summary>Every row of the table that names the user anywhere.</summary>
    private async Task<List<(string RowKey, string Values)>> RowsOfAsync(string id) =>
        await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation)
            .Select(row => (row.RowKey, Values: string.Join(" ", row.Select(p => $"{p.Key}={p.Value}"))))
            .Where(row => row.Values.Contains(id, StringComparison.Ordinal))
            .ToListAsync(Cancellation);
}
