using Azure.Data.Tables;
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
        var instance = Create(o => o.CredentialLifetime = TimeSpan.FromHours(2));
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

    private async Task<List<string>> RowKeysAsync(string id) => await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation)
        .Select(row => row.RowKey)
        .Where(key => key.Contains(id, StringComparison.Ordinal))
        .ToListAsync(Cancellation);

    private static Task<CleanupReport> CleanUpAsync(Instance instance) => instance.Get<Cleanup>().RunAsync(Cancellation);
}
