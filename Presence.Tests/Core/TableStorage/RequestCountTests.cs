using System.Text.Json;
using Presence.Benchmarks.Events;
using Presence.Core.Domain;
using Presence.Core.Erasing;
using Presence.Core.Ledger;
using Presence.Core.Live;
using Presence.Core.Population;
using Presence.Core.Ports;
using Presence.Core.Retention;
using Presence.Core.Rosters;
using Presence.Core.TableStorage;
using Presence.Core.Throttle;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What each call costs in requests to storage.</summary>
public sealed class RequestCountTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task ThrottledActivityCostsNothing()
    {
        var instance = await OpenAsync();
        await instance.Recorder.RecordAsync(Alice, Start);

        Assert.Equal(0, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Start).AsTask()));
    }

    [Fact]
    public async Task TheFirstActivityCostsThreeReadsOneTransactionTheRosterAndOneCrossingOut()
    {
        var instance = await OpenAsync();

        Assert.Equal(3 + 1 + 1 + 1, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Start).AsTask()));
        Assert.Equal([TableKeys.CountPrefix, TableKeys.EventPrefix, TableKeys.OnlinePrefix, TableKeys.DutyPrefix, TableKeys.ProfilePrefix], Batch(0).Select(TableKeys.KindOf).Order(StringComparer.Ordinal));
        Assert.StartsWith(TableKeys.RosterPrefix, Assert.Single(Batch(1)), StringComparison.Ordinal);
        Assert.StartsWith(TableKeys.DutyPrefix, Assert.Single(Batch(2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangeOfStatusOfOneWhoWasHereCostsWhatAnyWriteDoesTheRosterAndOneCrossingOut()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(Seconds(65));
        var plain = await CostAsync(() => instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow())));

        Assert.Equal(plain + 1 + 1, await CostAsync(() => instance.ApplyAsync(Alice, new SignedOut())));
    }

    [Fact]
    public async Task AChoiceCostsALookTheWriteTheRosterAndACrossingOutAndWhoIsConnectedIsToldByOneLookMore()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(1 + 1 + 1 + 1, await CostAsync(() => instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)))));
        Assert.Equal(1, await CostAsync(() => instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)))));

        await instance.ApplyAsync(Alice, new Connected("c1", Clock.GetUtcNow()));
        Assert.Equal(1 + 1 + 1 + 1 + 1, await CostAsync(() => instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Away)))));
    }

    [Fact]
    public async Task WatchingOrLookingAtOneWhoIsInvisibleCostsWhatItDoesWithOneWhoIsGone()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Connected("c1", Clock.GetUtcNow()));
        await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        await instance.ApplyAsync(Bob, new Activity(Start));
        await instance.ApplyAsync(Bob, new SignedOut());

        foreach (var _ in new[] { "the first time", "and again" })
        {
            Assert.Equal(await CostAsync(() => instance.ApplyAsync(Bob, new Watched())), await CostAsync(() => instance.ApplyAsync(Alice, new Watched())));
        }

        Assert.Equal(await CostAsync(() => instance.ViewAsync(Bob)), await CostAsync(() => instance.ViewAsync(Alice)));
    }

    [Fact]
    public async Task WithoutTheServiceAChangeOfStatusCostsTheWriteAndTheRosterAlone()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        instance.Realtime.IsOutOfReach = true;

        Assert.Equal(2 + 1, await CostAsync(() => Clock.RunAsync(instance.ApplyAsync(Alice, new SignedOut()))));
    }

    [Fact]
    public async Task DutiesOfOneShardAreCrossedOutTogether()
    {
        var instance = Create(o => o.ShardCount = 1, _transport);
        List<StoredDuty> owed = [.. Users(150).Select(u => new StoredDuty(u, "id", new Duty { Closes = true }, Start))];
        foreach (var duty in owed.Take(120))
        {
            await instance.Store.TryCommitAsync(new(duty.User, default, null), default, duty, Cancellation);
        }

        Assert.Equal(2, await CostAsync(() => instance.Store.CrossOutAsync(owed[..120], Cancellation)));
        Assert.Empty(await instance.DueStore.DueAsync(0, Start, Cancellation).ToListAsync(Cancellation));

        // Those that are gone already cost one request each.
        Assert.Equal(30, await CostAsync(() => instance.Store.CrossOutAsync(owed[120..], Cancellation)));
    }

    [Fact]
    public async Task DutiesOfOneShardArePutOffTogether()
    {
        var instance = Create(o => o.ShardCount = 1, _transport);
        foreach (var user in Users(120))
        {
            await instance.Store.TryCommitAsync(new(user, default, null), default, new(user, "id", new Duty { Closes = true }, Start), Cancellation);
        }

        var found = (await instance.DueStore.DueAsync(0, Start, Cancellation).ToListAsync(Cancellation)).ConvertAll(row => row.Duty!);
        Assert.Equal(2, await CostAsync(() => instance.Store.PutOffAsync(found, Start, Cancellation)));
    }

    [Fact]
    public async Task DutiesFoundUndoneCostNoFurtherQuery()
    {
        var instance = await OpenAsync();
        await instance.Sweep.RunAsync(Cancellation);
        _transport.OnRequest = request => _ = request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal) && IsCrossingOut(_transport.Batches.Last())
            ? throw FaultyTransport.Lost()
            : 0;
        foreach (var user in Users(8))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        _transport.OnRequest = null;
        Clock.Advance(Seconds(8));
        SweepReport? report = null;
        var cost = await CostAsync(async () => report = await instance.Sweep.RunAsync(Cancellation));

        var shards = Users(8).Select(u => TableKeys.Shard(u, 4)).Distinct().Count();
        Assert.Equal((8, 0), (report!.Duties, report.DutiesLeft));
        // The queries, who each of the users is now, what the roster says already, the crossing out, and that there was a sweep. The roster is read, and
        // duties of a shard are crossed out, once for those that come together: on a machine that is busy, each may come alone.
        Assert.InRange(cost, 4 + 8 + 1 + shards + 1, 4 + 8 + 8 + 8 + 1);
        Assert.Equal(4, _transport.Requests.Count(r => r.Contains("filter", StringComparison.Ordinal) && !r.Contains("'c:lobby'", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ActivityAfterTheWindowCostsOneReadAndOneWrite()
    {
        var instance = await OpenAsync();
        await instance.Recorder.RecordAsync(Alice, Start);
        Clock.Advance(Seconds(65));

        Assert.Equal(2, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Clock.GetUtcNow()).AsTask()));
    }

    [Fact]
    public async Task ActivityThrottledByAnotherInstanceCostsOneRead()
    {
        await Create().Recorder.RecordAsync(Alice, Start);
        var instance = await OpenAsync();

        Assert.Equal(1, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Start).AsTask()));
    }

    [Fact]
    public async Task WithATokenAnotherInstanceReadsNothing()
    {
        var first = await OpenAsync();
        await first.Recorder.RecordAsync(Alice, Start);
        Clock.Advance(Seconds(65));
        var token = (await first.Recorder.RecordAsync(Alice, Clock.GetUtcNow())).Token;
        var instance = await OpenAsync();

        Assert.Equal(0, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Clock.GetUtcNow(), token).AsTask()));
        Clock.Advance(Seconds(65 * 1.7));
        Assert.Equal(1, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Clock.GetUtcNow(), token).AsTask()));
        Assert.Equal(Clock.GetUtcNow(), (await instance.ViewAsync(Alice)).LastActiveAt);
    }

    [Fact]
    public async Task WithoutATokenTheInstanceThatRecordedLastReadsNothingEither()
    {
        var instance = await OpenAsync();
        await instance.Recorder.RecordAsync(Alice, Start);
        Clock.Advance(Seconds(65));
        await instance.Recorder.RecordAsync(Alice, Clock.GetUtcNow());
        Clock.Advance(Seconds(10));
        await instance.Recorder.RecordAsync(Alice, Clock.GetUtcNow());
        Clock.Advance(Seconds(55));

        Assert.Equal(1, await CostAsync(() => instance.Recorder.RecordAsync(Alice, Clock.GetUtcNow()).AsTask()));
    }

    [Fact]
    public async Task ABatchCostsWhatItsUsersCostAndLessOfWhatACrowdShares()
    {
        const int Count = 200;
        var (instance, other) = (await OpenAsync(), await OpenAsync());
        Task RecordAsync(Instance here) =>
            here.Get<ActivityBatch>().RecordAsync([.. Users(Count).Select(user => new ToldActivity(user))], Clock.GetUtcNow(), Cancellation);

        // Three reads and a transaction each; the roster takes 50 at a time at most, and those who go together are crossed out together.
        Assert.InRange(await CostAsync(() => RecordAsync(instance)), (Count * 4) + (Count / 50) + 1, Count * 6);
        Assert.Equal(0, await CostAsync(() => RecordAsync(instance)));

        // A read and a write each, and then, since this instance wrote the last record, a write.
        Clock.Advance(Seconds(65));
        Assert.Equal(Count * 2, await CostAsync(() => RecordAsync(instance)));
        Clock.Advance(Seconds(64));
        Assert.Equal(0, await CostAsync(() => RecordAsync(instance)));
        Clock.Advance(Seconds(1));
        Assert.Equal(Count, await CostAsync(() => RecordAsync(instance)));

        // Another instance has to look.
        Clock.Advance(Seconds(5));
        Assert.Equal(Count, await CostAsync(() => RecordAsync(other)));
        Assert.Equal(0, await CostAsync(() => RecordAsync(other)));
        Clock.Advance(Seconds(65 * 1.7));
        Assert.Equal(Count * 2, await CostAsync(() => RecordAsync(other)));
    }

    [Fact]
    public async Task AConnectionCostsItsWriteAndWelcomeToOpenAndItsWriteToClose()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));

        // A read and a write; the roster, and the crossing out.
        Assert.Equal(2 + 1 + 1, await CostAsync(() => instance.ApplyAsync(Alice, new Connected(Connection))));
        Assert.Equal(2, await CostAsync(() => instance.ApplyAsync(Alice, new Disconnected(Connection))));
    }

    [Fact]
    public async Task WhoComesIsReadInOneRequestIfKnownAndNotHereAndInTwoOtherwise()
    {
        var instance = await OpenAsync();
        Assert.Equal(2, await CostAsync(() => instance.Store.LoadComingAsync(Alice, Cancellation).AsTask()));

        await instance.ApplyAsync(Alice, new Activity(Start));
        Assert.Equal(2, await CostAsync(() => instance.Store.LoadComingAsync(Alice, Cancellation).AsTask()));

        await instance.ApplyAsync(Alice, new SignedOut());
        Assert.Equal(1, await CostAsync(() => instance.Store.LoadComingAsync(Alice, Cancellation).AsTask()));
    }

    [Fact]
    public async Task WhoComesBackAsJustReadCostsTheChangeTheRosterTwiceAndTheCrossingOut()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(TimeSpan.FromMinutes(6));
        await instance.Sweep.RunAsync(Cancellation);
        var negotiated = await instance.Store.LoadComingAsync(Alice, Cancellation);

        // Written, then read for the snapshot.
        Assert.Equal(1 + 1 + 1 + 1, await CostAsync(async () => await instance.Engine.ApplyAsync(Alice, new Connected(Connection), Cancellation, negotiated)));
    }

    [Fact]
    public async Task AnErasureCostsTheSameHoweverManyUsersOtherShardsHold()
    {
        var instance = await OpenAsync();
        foreach (var user in Users(9).Append(Alice))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        // Sessions, four looks for rows, one at the user and one at its roster; leaving is a read, a write, the roster and a crossing out, being
        // forgotten four reads and a write. By the first read it is known what others keep of the user. By three it is known where the event of the erasure
        // lies; that and the two before are read, the last one first, and these removed together. Webhooks, whose filters may name it, are asked for once. And
        // a look whether anybody has a history.
        Assert.Equal(16 + 3 + 3 + 1 + 1 + 1, await CostAsync(() => instance.Get<Erasure>().EraseAsync(Alice, Cancellation)));
        Assert.DoesNotContain(_transport.Requests, r => r.Contains("PartitionKey eq", StringComparison.Ordinal) && !r.Contains(Shard(Alice), StringComparison.Ordinal)
            && !r.Contains("PartitionKey eq 'c:lobby'", StringComparison.Ordinal) && !r.Contains("PartitionKey eq 'meta'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(200)]
    public async Task ASweepCostsAQueryPerShardAWriteForEach25UsersDueAtMostTwiceAsMuchOfOthersAndItsReport(int due)
    {
        var instance = await OpenAsync();
        foreach (var user in Users(due))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        // Each is two rows of its own, the duty and the event; the roster that it leaves is written by the side, and the duty crossed out.
        var writes = Users(due).CountBy(u => TableKeys.Shard(u, 4)).Sum(shard => (shard.Value + 24) / 25);

        Clock.Advance(TimeSpan.FromMinutes(5));
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
        SweepReport? report = null;
        var first = await CostAsync(async () => report = await instance.Sweep.RunAsync(Cancellation));
        var second = await CostAsync(() => instance.Sweep.RunAsync(Cancellation));

        // The first sweep of an instance reads when the last one was.
        Assert.Equal(due, report!.Transitions);
        Assert.InRange(first, 1 + 4 + writes + (due == 0 ? 0 : 2) + 1, 1 + 4 + writes + (2 * writes) + due + 1);
        Assert.Equal(4 + 1, second);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task ACensusCostsAQueryPerShardAndItsRow(int online)
    {
        var instance = await OpenAsync();
        foreach (var user in Users(online))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Assert.Equal(4 + 1, await CostAsync(() => instance.Get<CensusTaker>().TakeAsync(Cancellation)));
    }

    [Fact]
    public async Task AStateCostsOneReadIn5SecondsHoweverManyAreShown()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(1, await CostAsync(ShowAsync));
        Assert.Equal(0, await CostAsync(() => Task.WhenAll(ShowAsync(), ShowAsync(), ShowAsync())));

        // What this instance changes itself is known without a look.
        await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));
        Assert.Equal(0, await CostAsync(ShowAsync));
        await instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, null));
        Assert.Equal(0, await CostAsync(ShowAsync));

        Clock.Advance(Seconds(5));
        Assert.Equal(1, await CostAsync(() => Task.WhenAll(ShowAsync(), ShowAsync(), ShowAsync())));

        Task ShowAsync() => instance.Get<LiveStates>().TellAsync(Alice, "lobby", JsonElement.Parse("1"), Seconds(10), Cancellation);
    }

    [Fact]
    public async Task EventsCostNoRequestToWrite()
    {
        var (with, without) = (await OpenAsync(), Create(o => o.EventRetention = TimeSpan.Zero, _transport));
        await without.Get<PresenceTable>().OpenAsync(Cancellation);
        PresenceEvent[] life =
        [
            new Activity(Start), new Joined("a"), new Connected(Connection, Start), new Chosen(ChoiceSource.User, new(ChosenAvailability.Busy)),
            new PrivacyChosen(IsHidden: null, LastSeenPrecision.Nobody), new Left("a"), new SignedOut(), new Erased(),
        ];
        foreach (var happened in life)
        {
            var cost = await CostAsync(() => without.ApplyAsync(Bob, happened));
            Assert.Equal((happened, cost), (happened, await CostAsync(() => with.ApplyAsync(Alice, happened))));
        }

        // All but connecting, which others do not see; each a tick behind the one before.
        Clock.Advance(Seconds(2));
        var told = (await with.Get<EventFeed>().ReadAsync(null, 1000, Cancellation)).Events;
        Assert.Equal(Enumerable.Repeat(Alice, life.Length - 1), told.Select(e => e.User));
    }

    [Fact]
    public async Task ReadingEventsCostsAQueryForEachShardHoweverManyThereAre()
    {
        var instance = await OpenAsync();
        var feed = instance.Get<EventFeed>();
        foreach (var user in Users(60))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Clock.Advance(Seconds(1));
        EventPage? page = null;
        // Whoever begins with the oldest is told from when on all are there.
        Assert.Equal(4 + 1, await CostAsync(async () => page = await feed.ReadAsync(null, 10, Cancellation)));
        Assert.Equal(4, await CostAsync(async () => page = await feed.ReadAsync(page!.Next, 1000, Cancellation)));
        Assert.Equal(50, page!.Events.Length);
        Assert.Equal(4, await CostAsync(() => feed.ReadAsync(page.Next, 1000, Cancellation)));
        Assert.Equal(4, await CostAsync(() => feed.LatestAsync(Cancellation)));
        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(4 + 1, await CostAsync(() => feed.ReadAsync(page.Next, 1000, Cancellation)));
    }

    [Fact]
    public async Task AFullPageOfABacklogIsAQueryForEachShardToo()
    {
        var instance = await OpenAsync();
        await Table.AddEventsAsync(Clock.GetUtcNow(), TimeSpan.FromTicks(1), ofEach: 1_200, shards: 4, Cancellation);
        Clock.Advance(TimeSpan.FromMinutes(1));
        var (told, page) = (new HashSet<string>(), default(EventPage));
        for (var pages = 0; pages < 5; pages++)
        {
            // Whoever begins with the oldest asks from when on all are there.
            var cost = await CostAsync(async () => page = await instance.Get<EventFeed>().ReadAsync(page?.Next, 1000, Cancellation));
            Assert.Equal(pages == 0 ? 4 + 1 : 4, cost);
            told.UnionWith(page!.Events.Select(one => one.Id));
            Assert.Equal((Math.Min((pages + 1) * 1_000, 4_800), pages < 4), (told.Count, page.HasMore));
        }
    }

    [Fact]
    public async Task WhatWasToldOfTheLast45SecondsIsReadAgainAThousandAtOnce()
    {
        var instance = await OpenAsync();
        await Table.AddEventsAsync(Clock.GetUtcNow(), TimeSpan.FromTicks(1), ofEach: 1_200, shards: 4, Cancellation);
        Clock.Advance(Seconds(2));
        EventCursor? latest = null;

        Assert.Equal(4 * 2, await CostAsync(async () => latest = await instance.Get<EventFeed>().LatestAsync(Cancellation)));
        Assert.Equal(4 * 2, await CostAsync(() => instance.Get<EventFeed>().ReadAsync(latest, 1000, Cancellation)));
        Clock.Advance(EventFeed.Window);
        Assert.Equal(4 * 2, await CostAsync(async () => latest = (await instance.Get<EventFeed>().ReadAsync(latest, 1000, Cancellation)).Next));
        Assert.Equal(4, await CostAsync(() => instance.Get<EventFeed>().ReadAsync(latest, 1000, Cancellation)));
    }

    [Fact]
    public async Task OldEventsAreRemovedByAQueryForEachShardAndARequestForEach100()
    {
        var instance = Create(o => o.ShardCount = 1, _transport);
        foreach (var user in Users(120))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Assert.Equal(1 + 2, await CostAsync(() => instance.Get<IEventStore>().RemoveOldAsync(0, Clock.GetUtcNow(), 1_000, Cancellation)));
        Assert.Equal(1, await CostAsync(() => instance.Get<IEventStore>().RemoveOldAsync(0, Clock.GetUtcNow(), 1_000, Cancellation)));

        // Once an hour it is said from when on all are there.
        Assert.Equal(2 + 1, await CostAsync(() => instance.Get<EventExpiry>().RunAsync(Cancellation)));
        Assert.Equal(1, await CostAsync(() => instance.Get<EventExpiry>().RunAsync(Cancellation)));
    }

    [Fact]
    public async Task OldEventsThatSomebodyElseRemovesAreLeftToThemAtTheCostOfOneRequest()
    {
        var instance = Create(o => o.ShardCount = 1, _transport);
        foreach (var user in Users(250))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        var (first, second) = (true, 0);
        _transport.OnRequest = request =>
        {
            if (first && request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))
            {
                first = false;
                second = instance.Get<IEventStore>().RemoveOldAsync(0, Clock.GetUtcNow(), 1_000, Cancellation).GetAwaiter().GetResult();
            }
        };

        Assert.Equal(1 + 1 + 1 + 3, await CostAsync(async () => Assert.Equal(0, await instance.Get<IEventStore>().RemoveOldAsync(0, Clock.GetUtcNow(), 1_000, Cancellation))));
        Assert.Equal(250, second);
    }

    [Fact]
    public async Task ARosterCostsOneQuery()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(1, await CostAsync(() => instance.Rosters.ReadAsync("lobby", Cancellation)));
    }

    [Fact]
    public async Task WhatChangedSinceAVersionCostsWhatTheRosterDoes()
    {
        var instance = await OpenAsync();
        await instance.ApplyAsync(Alice, new Activity(Start));
        var directory = instance.Get<ConversationDirectory>();
        var whole = await CostAsync(() => directory.ReadAsync(Alice, "lobby", Cancellation));
        Roster? roster = null;

        Assert.Equal(1 + 1, whole);
        Assert.Equal(whole, await CostAsync(async () => roster = await directory.ReadAsync(Alice, "lobby", isFresh: true, Cancellation)));
        Assert.Equal(0, await CostAsync(() => Task.FromResult(RosterChanges.Since(roster!, RosterVersion.Unknown))));
        Assert.Equal(whole - 1, await CostAsync(() => directory.ReadAsync(Alice, "lobby", Cancellation)));
    }

    private static bool IsCrossingOut(IReadOnlyList<string> keys) => keys.All(key => key.StartsWith(TableKeys.DutyPrefix, StringComparison.Ordinal));

    /// <summary>The row keys in the body of a transaction, by its place among them.</summary>
    private IReadOnlyList<string> Batch(int index) => _transport.Batches.ElementAt(index);

    private static string Shard(PresenceKey user) => $"PartitionKey eq '{TableKeys.Partition(TableKeys.Shard(user, 4))}'";

    private async Task<Instance> OpenAsync()
    {
        var instance = Create(transport: _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);

        // Once in ten minutes, whatever is called: one request.
        await instance.Get<ThrottleKeys>().CurrentAsync();
        return instance;
    }

    private async Task<int> CostAsync(Func<Task> call)
    {
        _transport.Requests.Clear();
        _transport.Batches.Clear();
        await call();
        return _transport.Requests.Count;
    }
}
