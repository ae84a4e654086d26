using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Erasing;
using Presence.Core.Ledger;
using Presence.Core.Ports;
using Presence.Core.Retention;
using Presence.Core.Sessions;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Retention;

public sealed class CleanupTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task ExpiredSessionsAreRemovedAndOthersKept()
    {
        var instance = Create();
        var sessions = instance.Get<AnonymousSessions>();
        await sessions.IssueAsync(Guest, Seconds(60), Cancellation);
        var kept = await sessions.IssueAsync(Guest, Seconds(61), Cancellation);
        Clock.Advance(Seconds(60));

        Assert.Equal(new CleanupReport(1, 0, 0, 0, 0, 0, 0), await CleanUpAsync(instance));
        Assert.Equal(Guest, (await sessions.ValidateAsync(kept.Token, Cancellation))?.Participant);
        Assert.Equal(new CleanupReport(0, 0, 0, 0, 0, 0, 0), await CleanUpAsync(instance));
    }

    [Fact]
    public async Task ManyExpiredSessionsAreRemovedInOneRun()
    {
        var instance = Create();
        var store = instance.Get<ISessionStore>();
        for (var i = 0; i < 150; i++)
        {
            await store.AddAsync(Guest, new($"hash-{i}", null, Start), Cancellation);
        }

        Assert.Equal(150, (await CleanUpAsync(instance)).ExpiredSessions);
    }

    [Fact]
    public async Task AnonymousParticipantsLongGoneAreForgottenAndUsersAreNot()
    {
        var instance = Create();
        foreach (var user in new[] { Guest, Alice })
        {
            await instance.ApplyAsync(user, new Joined(Conversation));
            await instance.ApplyAsync(user, new Activity(Start));
            await instance.ApplyAsync(user, new SignedOut());
        }

        Clock.Advance(TimeSpan.FromDays(30) - Seconds(1));
        Assert.Equal(0, (await CleanUpAsync(instance)).ForgottenParticipants);
        Clock.Advance(Seconds(1));
        Assert.Equal(1, (await CleanUpAsync(instance)).ForgottenParticipants);

        Assert.Null((await instance.ViewAsync(Guest)).LastSeenAt);
        Assert.Equal(Start, (await instance.ViewAsync(Alice)).LastSeenAt);
        Assert.Equal(["alice"], (await instance.Rosters.ReadAsync(Conversation, Cancellation)).Members.Select(m => m.UserId));
    }

    [Fact]
    public async Task ATombstoneStaysForAsLongAsCredentialsMayLive()
    {
        var instance = Create(o => (o.CredentialLifetime, o.EventRetention) = (TimeSpan.FromHours(2), TimeSpan.Zero));
        await instance.ApplyAsync(Alice, new Activity(Start));
        await instance.Get<Erasure>().EraseAsync(Alice, Cancellation);
        await instance.ApplyAsync(Bob, new Activity(Start));

        Clock.Advance(TimeSpan.FromHours(2) - Seconds(0.001));
        Assert.Equal(0, (await CleanUpAsync(instance)).RemovedTombstones);
        Assert.NotNull((await instance.Store.LoadAsync(Alice, Cancellation)).Records.Profile!.ErasedAt);
        Clock.Advance(Seconds(0.001));
        Assert.Equal(1, (await CleanUpAsync(instance)).RemovedTombstones);

        Assert.Equal(default, (await instance.Store.LoadAsync(Alice, Cancellation)).Records);
        Assert.Equal(Start, (await instance.ViewAsync(Bob)).LastActiveAt);
    }

    [Fact]
    public async Task WhatIsOwedBecauseOfAnErasedUserIsAbandonedAfterADay()
    {
        var instance = Create(o => o.DefaultConversation = "");
        instance.Realtime.Has(Connection, Alice);
        await instance.ApplyAsync(Alice, new Connected(Connection));
        instance.Realtime.IsOutOfReach = true;
        await Clock.RunAsync(instance.Get<Erasure>().EraseAsync(Alice, Cancellation));
        var due = Start + TimeSpan.FromDays(1) + Seconds(8);
        Clock.Advance(due - Clock.GetUtcNow() - Seconds(0.001));
        Assert.Equal(0, (await CleanUpAsync(instance)).AbandonedDuties);
        Assert.NotEmpty(await RowKeysAsync("alice"));

        Clock.Advance(Seconds(1));
        Assert.Equal(1, (await CleanUpAsync(instance)).AbandonedDuties);

        // What is left is the event that tells of the erasure.
        Assert.StartsWith(TableKeys.EventPrefix, Assert.Single(await RowKeysAsync("alice")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsGoWithTheirTimeAndAllOfThemWhereNoneAreKept()
    {
        var (instance, off) = (Create(o => o.EventRetention = TimeSpan.FromHours(5)), Create(o => o.EventRetention = TimeSpan.Zero));
        foreach (var user in Users(5))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Clock.Advance(TimeSpan.FromHours(5) + (EventFeed.Spare * 2) - Seconds(0.001));
        Assert.Equal(0, (await CleanUpAsync(instance)).RemovedEvents);
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
        Clock.Advance(Seconds(0.001));
        Assert.Equal(5, (await CleanUpAsync(instance)).RemovedEvents);

        Assert.Equal(1, (await CleanUpAsync(off)).RemovedEvents);
        Assert.Empty(await RowKeysAsync(TableKeys.EventPrefix));
    }

    [Fact]
    public async Task WhatIsOwedAndNobodyCanReadIsAbandonedAfterADay()
    {
        var instance = Create();
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        foreach (var (id, due) in new[] { ("old", Start), ("new", Start + Seconds(1)) })
        {
            await Table.AddEntityAsync(
                new TableEntity(TableKeys.Partition(TableKeys.Shard(Alice, 4)), TableKeys.Duty(Alice, id)) { ["DueAt"] = due, ["Duty"] = "?" }, Cancellation);
        }

        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await CleanUpAsync(instance)).AbandonedDuties);

        Assert.Equal([TableKeys.Duty(Alice, "new")], await RowKeysAsync("alice"));
    }

    [Theory]
    [InlineData(30, 1)]
    [InlineData(0, 2)]
    public async Task HistoryIsRemovedWhenItsTimeIsOverOrItIsTurnedOff(int days, int removed)
    {
        var instance = Create(o => o.HistoryRetention = TimeSpan.FromDays(30));
        foreach (var _ in new[] { "on the first day", "and a day later" })
        {
            await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
            Clock.Advance(Seconds(60));
            await instance.ApplyAsync(Alice, new SignedOut());
            Clock.Advance(TimeSpan.FromDays(1));
        }

        Clock.Advance(TimeSpan.FromDays(28));
        Assert.Equal(0, (await CleanUpAsync(instance)).RemovedHistory);
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(removed, (await CleanUpAsync(Create(o => o.HistoryRetention = TimeSpan.FromDays(days)))).RemovedHistory);
    }

    [Fact]
    public async Task OneWhoseVersionsLieAheadIsForgottenWhenTheyDoNot()
    {
        var instance = Create(o => (o.AnonymousRetention, o.LastSeenCanBeHidden) = (TimeSpan.FromHours(1), true));
        Clock.Advance(TimeSpan.FromHours(13));
        await instance.ApplyAsync(Guest, new Joined(Conversation));
        await instance.ApplyAsync(Guest, new PrivacyChosen(IsHidden: null, LastSeenPrecision.Coarse));
        await instance.ApplyAsync(Guest, new Activity(Clock.GetUtcNow()));
        await instance.ApplyAsync(Guest, new SignedOut());

        // At one in the morning its last news has the version of the next midnight.
        Clock.Advance(TimeSpan.FromHours(2.5));
        Assert.Equal(0, (await CleanUpAsync(instance)).ForgottenParticipants);
        Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(1, (await CleanUpAsync(instance)).ForgottenParticipants);
        Clock.Advance(Seconds(1));
        await instance.ApplyAsync(Guest, new Activity(Clock.GetUtcNow()));

        Clock.Advance(EventFeed.Lag);
        var versions = (await instance.Get<EventFeed>().ReadAsync(null, 1000, Cancellation)).Events.Where(e => e.User == Guest).Select(e => e.Version).ToList();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(versions.Count, versions.Distinct().Count());
    }

    [Fact]
    public async Task ATombstoneWhoseVersionLiesAheadStays()
    {
        var instance = Create(o => (o.CredentialLifetime, o.EventRetention, o.LastSeenCanBeHidden) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1), true));
        Clock.Advance(TimeSpan.FromHours(13));
        await instance.ApplyAsync(Alice, new PrivacyChosen(IsHidden: null, LastSeenPrecision.Coarse));
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
        await instance.Get<Erasure>().EraseAsync(Alice, Cancellation);

        Clock.Advance(TimeSpan.FromHours(20));
        Assert.Equal(0, (await CleanUpAsync(instance)).RemovedTombstones);
        Clock.Advance(TimeSpan.FromHours(4));
        Assert.Equal(1, (await CleanUpAsync(instance)).RemovedTombstones);
    }

    /// <summary>From each single request on that is no reading of the table itself, one fails.</summary>
    [Fact]
    public async Task AStepThatFailsKeepsNoOtherFromItsTurn()
    {
        var transport = new FaultyTransport();
        var instance = Create(o => (o.ShardCount, o.HistoryRetention) = (1, TimeSpan.FromDays(30)), transport);
        await CleanUpAsync(instance);
        Clock.Advance(TimeSpan.FromDays(1));
        transport.Requests.Clear();
        await CleanUpAsync(instance);
        var whole = transport.Requests.Select(KindOf).ToList();

        foreach (var kind in whole.Distinct())
        {
            Clock.Advance(TimeSpan.FromDays(1));
            transport.Requests.Clear();
            transport.OnRequest = request => _ = KindOf(transport.Requests.Last()) == kind ? throw FaultyTransport.Lost() : 0;
            await Assert.ThrowsAsync<StoreUnavailableException>(() => CleanUpAsync(instance));
            transport.OnRequest = null;

            // All but the steps that begin with it.
            var missing = whole.Distinct().Except(transport.Requests.Select(KindOf)).ToList();
            Assert.True(missing.Count <= 3, $"{kind} fails, and not asked for are {string.Join(", ", missing)}");
        }

        static string KindOf(string request) => request.Split("RowKey ge '") is [_, var first, ..] ? first[..3] : request[..Math.Min(40, request.Length)];
    }

    [Fact]
    public async Task HistoryGoesThoughADayCannotBeSummedUpAndARowThatNobodyCanReadIsPassedOver()
    {
        var transport = new FaultyTransport();
        var instance = Create(o => (o.ShardCount, o.HistoryRetention) = (1, TimeSpan.FromDays(15)), transport);
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
        Clock.Advance(Seconds(60));
        await instance.ApplyAsync(Alice, new SignedOut());
        await Table.AddEntityAsync(new TableEntity(TableKeys.Partition(0), "hi:203001|!zz|01") { ["Day"] = 20300101, ["p"] = "0+1000" }, Cancellation);
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await CleanUpAsync(instance)).SummedDays);

        Clock.Advance(TimeSpan.FromDays(20));
        transport.OnRequest = request => _ = request.Uri.Query.Contains("Day%20ge", StringComparison.Ordinal) || request.Uri.Query.Contains("Day+ge", StringComparison.Ordinal)
            ? throw FaultyTransport.Lost()
            : 0;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => CleanUpAsync(instance));

        Assert.Empty(await RowKeysAsync(TableKeys.HistoryPrefix));
    }

    [Fact]
    public async Task EventsOfATimeInWhichNoneWereWrittenAreMissedByNobodyUnknowing()
    {
        var (on, off) = (Create(), Create(o => o.EventRetention = TimeSpan.Zero));
        await on.ApplyAsync(Alice, new Activity(Start));
        var before = await on.Get<EventFeed>().LatestAsync(Cancellation);
        Clock.Advance(TimeSpan.FromMinutes(5));
        await off.ApplyAsync(Bob, new Activity(Clock.GetUtcNow()));
        await off.Get<EventExpiry>().RunAsync(Cancellation);
        Clock.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAsync<CursorTooOldException>(() => on.Get<EventFeed>().ReadAsync(before, 100, Cancellation));
        await on.ApplyAsync(Alice, new SignedOut());
        Clock.Advance(Seconds(1));
        Assert.Equal(Alice, Assert.Single((await on.Get<EventFeed>().ReadAsync(null, 100, Cancellation)).Events).User);
    }

    [Fact]
    public async Task EventsThatWereRemovedMeanwhileAreMissedByNobodyUnknowing()
    {
        var (week, hour) = (Create(), Create(o => o.EventRetention = TimeSpan.FromHours(1)));
        var before = await week.Get<EventFeed>().LatestAsync(Cancellation);
        await week.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(TimeSpan.FromDays(2));
        await week.Get<EventExpiry>().RunAsync(Cancellation);
        Assert.Single((await week.Get<EventFeed>().ReadAsync(before, 100, Cancellation)).Events);
        Assert.Equal(1, await hour.Get<EventExpiry>().RunAsync(Cancellation));

        await Assert.ThrowsAsync<CursorTooOldException>(() => week.Get<EventFeed>().ReadAsync(before, 100, Cancellation));
    }

    private async Task<List<string>> RowKeysAsync(string id) => await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation)
        .Select(row => row.RowKey)
        .Where(key => key.Contains(id, StringComparison.Ordinal))
        .ToListAsync(Cancellation);

    private static Task<CleanupReport> CleanUpAsync(Instance instance) => instance.Get<Cleanup>().RunAsync(Cancellation);
}
