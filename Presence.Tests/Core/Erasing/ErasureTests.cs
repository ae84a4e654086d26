using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Erasing;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Retention;
using Presence.Core.Rules;
using Presence.Core.Sessions;
using Presence.Core.Stats;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Erasing;

public sealed class ErasureTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task NothingOfTheUserIsLeftAndOthersAreToldOnce()
    {
        var instance = Create(o => o.Visibility = Visibility.Everybody);
        await LivedAsync(instance, Alice);
        await LivedAsync(instance, Bob);

        var report = await EraseAsync(instance, Alice);

        // Online, profile, count, two conversations.
        Assert.Equal(new ErasureReport(5, 0, true), report);
        Assert.Empty(await RowsOfAsync("alice"));
        Assert.Equal(5 + 3, (await RowsOfAsync("bob")).Count);
        Assert.Equal(["conversation:a", "conversation:b", "user:alice"], ToldOffline(instance).Select(m => m.Group!).Order(StringComparer.Ordinal));
        Assert.All(ToldOffline(instance), m => Assert.Equal(("alice", PresenceStatus.Offline), (m.Views[0].UserId, m.Views[0].Status)));
        Assert.Equal(["alice-1", "alice-2"], Closed(instance));
        Assert.Equal(1, await TotalAsync(instance));
    }

    [Fact]
    public async Task OfItsEventsOnlyThatOfTheErasureIsLeftAndItHoldsTheIdAlone()
    {
        var instance = Create(o => o.Visibility = Visibility.Everybody);
        await LivedAsync(instance, Alice);
        await LivedAsync(instance, Bob);
        Assert.True((await EventsAsync()).Count(row => row.GetString("User") == "alice") >= 3);
        var ofBob = (await EventsAsync()).Count(row => row.GetString("User") == "bob");

        await EraseAsync(instance, Alice);

        var left = Assert.Single(await EventsAsync(), row => row.GetString("User") == "alice");
        Assert.Equal(["At", "Kind", "PartitionKey", "PreviousAt", "RowKey", "Timestamp", "User", "Version", "odata.etag"], left.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Erased", Clock.GetUtcNow(), 0L), (left.GetString("Kind"), left.GetDateTimeOffset("At"), left.GetInt64("PreviousAt")));
        Assert.Equal(ofBob, (await EventsAsync()).Count(row => row.GetString("User") == "bob"));

        // One who comes back, and is erased again, has left nothing else either.
        Clock.Advance(Seconds(10));
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow(), IssuedAt: Clock.GetUtcNow()));
        Clock.Advance(Seconds(10));
        await EraseAsync(instance, Alice);
        Assert.Equal(["Erased", "Erased"], (await EventsAsync()).Where(row => row.GetString("User") == "alice").Select(row => row.GetString("Kind")));
    }

    private async Task<List<TableEntity>> EventsAsync() => await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation)
        .Where(row => row.RowKey.StartsWith(TableKeys.EventPrefix, StringComparison.Ordinal))
        .ToListAsync(Cancellation);

    [Fact]
    public async Task NothingOfItsHistoryIsLeftNorOfTheSessionThatItEnds()
    {
        var instance = Create(o => o.HistoryRetention = TimeSpan.FromDays(30));
        foreach (var user in new[] { Alice, Bob })
        {
            await LivedAsync(instance, user);
            Clock.Advance(Seconds(60));
            await instance.ApplyAsync(user, new SignedOut());
            Clock.Advance(TimeSpan.FromDays(1));
            await instance.ApplyAsync(user, new Activity(Clock.GetUtcNow()));
            Clock.Advance(Seconds(60));
        }

        // Online, profile, count, two conversations, and a day.
        Assert.Equal(new ErasureReport(6, 0, true), await EraseAsync(instance, Alice));

        Assert.Empty(await RowsOfAsync("alice"));
        Assert.Contains(await RowsOfAsync("bob"), row => row.RowKey.StartsWith(TableKeys.HistoryPrefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AGuestLosesItsSessionsAsWell()
    {
        var instance = Create(o => o.Visibility = Visibility.Everybody);
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
        var instance = Create(o => o.Visibility = Visibility.Everybody);
        await LivedAsync(instance, Alice);
        await EraseAsync(instance, Alice);
        var rows = await RowsOfAsync("");

        Assert.Equal(new ErasureReport(0, 0, false), await EraseAsync(instance, Alice));

        Assert.Equal(3, ToldOffline(instance).Count);
        Assert.Equal(rows, await RowsOfAsync(""));
    }

    [Fact]
    public async Task OneWhoIsOfflineIsErasedWithoutNews()
    {
        var instance = Create(o => o.Visibility = Visibility.Everybody);
        await LivedAsync(instance, Alice);
        await instance.ApplyAsync(Alice, new SignedOut());
        var told = instance.Realtime.Sent.Count;

        Assert.Equal(new ErasureReport(4, 0, false), await EraseAsync(instance, Alice));

        Assert.Equal(told, instance.Realtime.Sent.Count);
        Assert.Equal(["alice-1", "alice-2"], Closed(instance));
    }

    [Fact]
    public async Task ThisInstanceForgetsTheUserAtOnce()
    {
        var instance = Create(o => o.Visibility = Visibility.Everybody);
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
        var (here, elsewhere) = (Create(o => o.Visibility = Visibility.Everybody), Create(o => o.Visibility = Visibility.Everybody));
        await elsewhere.Recorder.RecordAsync(Alice, Start);
        await EraseAsync(here, Alice);

        Assert.True((await elsewhere.Recorder.RecordAsync(Alice, Start)).Throttled);
        Assert.Empty(await RowsOfAsync("alice"));

        Clock.Advance(Seconds(65));
        Assert.False((await elsewhere.Recorder.RecordAsync(Alice, Clock.GetUtcNow())).Throttled);
        Assert.Equal(1, await TotalAsync(here));
    }

    [Fact]
    public async Task WhatCannotBeToldOrClosedIsOwedAndThenNothingIsLeft()
    {
        var instance = Create(o => o.Visibility = Visibility.Everybody);
        await LivedAsync(instance, Alice);
        instance.Realtime.IsOutOfReach = true;

        Assert.Equal(new ErasureReport(5, 0, true), await Clock.RunAsync(EraseAsync(instance, Alice)));
        Assert.All(await RowsOfAsync("alice"), row => Assert.StartsWith(TableKeys.DutyPrefix, row.RowKey, StringComparison.Ordinal));
        Assert.NotEmpty(await RowsOfAsync("alice"));
        instance.Realtime.IsOutOfReach = false;
        Clock.Advance(Seconds(8));
        await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal(["alice-1", "alice-2"], Closed(instance));
        Assert.Empty(await RowsOfAsync("alice"));
        Assert.Equal(3, ToldOffline(instance).Count);
    }

    [Fact]
    public async Task TheTombstoneNamesNobodyAndKeepsOldCredentialsOut()
    {
        var instance = Create(o => o.Visibility = Visibility.Everybody);
        await LivedAsync(instance, Alice);
        var issued = Clock.GetUtcNow();
        Clock.Advance(Seconds(10));
        await EraseAsync(instance, Alice);
        var tombstone = Assert.Single(
            await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation).ToListAsync(Cancellation),
            row => row.RowKey.StartsWith(TableKeys.TombstonePrefix, StringComparison.Ordinal));
        Assert.Equal(
            ["ErasedAt", "EventAt", "PartitionKey", "Revision", "RowKey", "Timestamp", "WriteId", "odata.etag"], tombstone.Keys.Order(StringComparer.Ordinal));

        Clock.Advance(Seconds(10));
        var late = await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow(), IssuedAt: issued));
        var connected = await instance.ApplyAsync(Alice, new Connected("alice-3", NegotiatedAt: issued));
        Assert.Equal((Outcome.Stale, Outcome.Stale), (late.Outcome, connected.Outcome));
        Assert.Equal(["alice-1", "alice-2", "alice-3"], Closed(instance));
        Assert.Empty(await RowsOfAsync("alice"));

        // A new sign-in is a new user, and the tombstone is gone.
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow(), IssuedAt: Clock.GetUtcNow()));
        Assert.Equal(PresenceStatus.Online, (await instance.ViewAsync(Alice)).Status);
        Assert.DoesNotContain(await RowsOfAsync(""), row => row.RowKey.StartsWith(TableKeys.TombstonePrefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATombstoneLeftBesideAProfileKeepsNobodyFromBeingErased()
    {
        var instance = Create(o => o.Visibility = Visibility.Everybody);
        await instance.ApplyAsync(Alice, new Activity(Start));
        await Table.AddEntityAsync(
            ProfileRecord.Tombstone(Start).ToTombstone(TableKeys.Partition(TableKeys.Shard(Alice, 4)), TableKeys.Tombstone(Alice)), Cancellation);

        Assert.True((await EraseAsync(instance, Alice)).WasOnline);

        Assert.Empty(await RowsOfAsync("alice"));
    }

    /// <summary>From each single request on, storage is out of reach: before it arrives, or after it is applied.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task WhereverStorageIsLostARepeatFinishes(bool applied, bool addedUp)
    {
        var instance = Create(o => (o.ShardCount, o.Visibility) = (1, Visibility.Everybody), _transport);
        await LivedAsync(instance, Bob);
        var failures = 0;
        for (var lostFrom = 0; ; lostFrom++)
        {
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

            // What was told without being crossed out, or not at all, the next sweep tells.
            Clock.Advance(Seconds(8));
            await instance.Sweep.RunAsync(Cancellation);
            Assert.Empty(await RowsOfAsync(user.ToString()));
            Assert.Equal(1, await TotalAsync(instance));
            Assert.Single(ToldOffline(instance).SelectMany(m => m.Views).Where(v => v.UserId == user.ToString()).DistinctBy(v => v.Version));
            Assert.Contains($"{user.Id}-1", instance.Realtime.Closed);
            Assert.Contains($"{user.Id}-2", instance.Realtime.Closed);
            if (failed is null)
            {
                break;
            }
        }

        // The last request is the look for what it has left of its history: whatever fails before that shows in it.
        Assert.InRange(failures, 12, 36);
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
        List<string> rows = [];
        foreach (var row in await RowsOfAsync("alice"))
        {
            if (!await IsOvertakenAsync(instance, row.PartitionKey, row.RowKey))
            {
                rows.Add(row.RowKey);
            }
        }

        // The count may be added up; the profile is there even while the user is here, the online row only then.
        IEnumerable<string> own = stored.Records is { Online: not null } ? [TableKeys.Online(Alice), TableKeys.Profile(Alice)]
            : stored.Records is { Profile.ErasedAt: null } ? [TableKeys.Profile(Alice)]
            : [];
        var expected = own.Concat(stored.Records.Rosters.Select(c => TableKeys.Roster(Alice, stored.Records.ToldTo(c)!.Value))).Order(StringComparer.Ordinal);

        // Whoever has come back has events again.
        var isKnown = stored.Records != default && stored.Records.Profile?.ErasedAt is null;
        var found = rows.Except([TableKeys.Count(Alice)]).Where(row => !isKnown || !row.StartsWith(TableKeys.EventPrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        Assert.True(expected.SequenceEqual(found), $"{when}: {string.Join(" ", found)} where {string.Join(" ", expected)} was expected");
        var total = await TotalAsync(instance);
        Assert.True(total == (UserCount.Includes(Alice, stored.Records) ? 1 : 0), $"{when}: {total} users");
    }

    /// <summary>A roster row of before that was written after the mark of leaving counts for nothing: nobody is told of it, and the clean-up removes it.</summary>
    private static async Task<bool> IsOvertakenAsync(Instance instance, string partition, string rowKey) =>
        rowKey.StartsWith(TableKeys.RosterPrefix, StringComparison.Ordinal)
        && !await instance.Store.RosterAsync(partition[TableKeys.Conversation("").Length..], Cancellation)
            .AnyAsync(member => member.View.UserId == Alice.ToString(), Cancellation);

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

    private static async Task<ErasureReport> EraseAsync(Instance instance, PresenceKey user) => await instance.Get<Erasure>().EraseAsync(
        user, Cancellation);

    /// <summary>What says that somebody has left; of whoever is not here others hear, too, when it joins.</summary>
    private static IReadOnlyList<FakeRealtimeService.Message> ToldOffline(Instance instance) =>
        [.. instance.Realtime.Sent.Where(m => m.Group is not null && m.Views.Any(v => v is { Status: PresenceStatus.Offline, Joined: null }))];

    private static IEnumerable<string> Closed(Instance instance) => instance.Realtime.Closed.Order(StringComparer.Ordinal);

    private static async Task<long> TotalAsync(Instance instance) => (await instance.Get<StatsReader>().ReadAsync(Cancellation)).TotalUsers;

    /// <summary>Every row of the table that names the user anywhere.</summary>
    /// <summary>But for the events that tell of erasures, which hold who it was and when it was erased, and nothing else.</summary>
    private async Task<List<(string PartitionKey, string RowKey, string Values)>> RowsOfAsync(string id) =>
        await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation)
            .Where(row => !row.IsOfErasure() || row.Count != 9)
            .Select(row => (row.PartitionKey, row.RowKey, Values: string.Join(" ", row.Select(p => $"{p.Key}={p.Value}"))))
            .Where(row => row.Values.Contains(id, StringComparison.Ordinal))
            .ToListAsync(Cancellation);
}
