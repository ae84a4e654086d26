using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What every store of sessions, of counts in conversations and of sums of days must do.</summary>
public abstract class HistoryStoreContract(AzuriteFixture azurite) : TableTests(azurite)
{
    private static readonly DateOnly Today = new(2030, 1, 1);

    private static readonly DateTimeOffset Midnight = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private protected abstract Instance Instance { get; }

    private IHistoryStore History => Instance.Get<IHistoryStore>();

    private IConversationHistoryStore Conversations => Instance.Get<IConversationHistoryStore>();

    private IDaySummaryStore Days => Instance.Get<IDaySummaryStore>();

    public static TheoryData<string> Ids => [.. OddIds()];

    [Theory, MemberData(nameof(Ids))]
    public async Task TheSessionsOfAUserAreReadAsTheyWere(string id)
    {
        var user = PresenceKey.Parse(id);
        Session[] sessions = [At(0, 0.001), At(700, 4_000), At(86_390, 5)];
        foreach (var session in sessions)
        {
            await KeepAsync(user, session);
        }

        await KeepAsync(PresenceKey.Parse(id + "0"), At(1, 1));

        Assert.Equal(sessions, await ReadAsync(user, Today, Today));
        Assert.Equal([At(1, 1)], await ReadAsync(PresenceKey.Parse(id + "0"), Today, Today));
        Assert.Empty(await ReadAsync(PresenceKey.Parse(id[..^1] + "~"), Today, Today));
    }

    [Fact]
    public async Task TheSameSessionAgainIsNoFurtherOne()
    {
        await KeepAsync(Alice, At(10, 20));
        await KeepAsync(Alice, At(10, 20));

        Assert.Equal([At(10, 20)], await ReadAsync(Alice, Today, Today));
    }

    [Fact]
    public async Task OfThoseThatBeganInTheSameSixMinutesTheLastIsKept()
    {
        foreach (var session in (Session[])[At(-500, 600), At(100, 10), At(200, 10), At(359.999, 10_000), At(10_400, 1)])
        {
            await KeepAsync(Alice, session);
        }

        Assert.Equal([At(-500, 600), At(359.999, 10_000), At(10_400, 1)], await ReadAsync(Alice, Today, Today));
    }

    [Fact]
    public async Task ASessionOverMidnightStandsWholeOnTheDayOnWhichItEnded()
    {
        var (over, upTo) = (At(-90_000, 100_000), At(86_000, 400));
        await KeepAsync(Alice, over);
        await KeepAsync(Alice, upTo);

        Assert.Empty(await ReadAsync(Alice, Today.AddDays(-2), Today.AddDays(-1)));
        Assert.Equal([over, upTo], await ReadAsync(Alice, Today, Today));
        Assert.Empty(await ReadAsync(Alice, Today.AddDays(1), Today.AddDays(1)));
    }

    [Fact]
    public async Task DaysAreReadAcrossMonthsAndNothingBesideThem()
    {
        foreach (var day in Enumerable.Range(-40, 81))
        {
            await KeepAsync(Alice, At(day * 86_400, 60));
        }

        var read = await ReadAsync(Alice, Today.AddDays(-33), Today.AddDays(32));

        Assert.Equal(Enumerable.Range(-33, 66).Select(day => At(day * 86_400, 60)), read);
        Assert.Empty(await ReadAsync(Alice, Today, Today.AddDays(-1)));
    }

    [Fact]
    public async Task AFullDayTakesNoMoreThanARowDoes()
    {
        await KeepAsync(Alice, At(-10, 11));
        for (var slot = 0; slot < 240; slot++)
        {
            await KeepAsync(Alice, At((slot * 360) + 2, 300));
        }

        Assert.Equal(241, (await ReadAsync(Alice, Today, Today)).Count);
    }

    [Fact]
    public async Task AllThatEndedSinceADayAreToldAndThoseThatGoOn()
    {
        await KeepAsync(Alice, At(-90_000, 10));
        await KeepAsync(Alice, At(-40, 10));
        await KeepAsync(Bob, At(20, 10));
        await Instance.ApplyAsync(Bob, new Activity(Start));
        await Instance.ApplyAsync(Guest, new Activity(Start));
        await Instance.ApplyAsync(Guest, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible)));

        var all = await History.SessionsAsync(Today.AddDays(-1), Cancellation).ToListAsync(Cancellation);

        Assert.Equal(
            [(Alice, At(-40, 10)), (Bob, At(20, 10)), (Bob, new Session(Start, DateTimeOffset.MaxValue))], all.OrderBy(one => one.User.ToString(), StringComparer.Ordinal).ThenBy(one => one.Session.Start));
        Assert.Equal(DateTimeOffset.MaxValue, all.First(one => one.User == Bob).Session.End);
    }

    [Fact]
    public async Task RemovingAUserRemovesAllOfItAndOfNobodyElse()
    {
        foreach (var day in (int[])[-399, -200, -31, -1, 0])
        {
            await KeepAsync(Alice, At(day * 86_400, 60));
            await KeepAsync(PresenceKey.Registered("alice2"), At(day * 86_400, 60));
        }

        Assert.Equal(5, await History.RemoveAsync(Alice, Cancellation));

        Assert.Empty(await ReadAsync(Alice, Today.AddDays(-400), Today));
        Assert.Equal(5, (await ReadAsync(PresenceKey.Registered("alice2"), Today.AddDays(-400), Today)).Count);
        Assert.Equal(0, await History.RemoveAsync(Alice, Cancellation));
    }

    [Fact]
    public async Task WhatStandsOnDaysBeforeOneIsRemoved()
    {
        foreach (var day in Enumerable.Range(-40, 41))
        {
            await KeepAsync(Alice, At(day * 86_400, 60));
            await Conversations.KeepAsync(Midnight.AddDays(day), new Dictionary<string, int> { ["a"] = 1 }, Cancellation);
        }

        Assert.Equal(2 * 25, await History.RemoveOldAsync(Today.AddDays(-15), Cancellation));

        Assert.Equal(At(-15 * 86_400, 60), (await ReadAsync(Alice, Today.AddDays(-60), Today))[0]);
        Assert.Equal(Midnight.AddDays(-15), (await CountsAsync("a", Today.AddDays(-60), Today))[0].Minute);
        Assert.Equal(0, await History.RemoveOldAsync(Today.AddDays(-15), Cancellation));
        Assert.Equal(2 * 16, await History.RemoveOldAsync(Today.AddDays(1), Cancellation));
        Assert.Empty(await ReadAsync(Alice, Today.AddDays(-60), Today));
    }

    [Fact]
    public async Task CountsOfConversationsAreReadMinuteByMinuteAndTheLastOfAMinuteCounts()
    {
        var at = Midnight.AddHours(23).AddMinutes(58);
        for (var minute = 0; minute < 4; minute++)
        {
            await Conversations.KeepAsync(at.AddMinutes(minute), new Dictionary<string, int> { ["a"] = minute + 1, ["a:b"] = 9 }, Cancellation);
        }

        await Conversations.KeepAsync(at.AddSeconds(59), new Dictionary<string, int> { ["a"] = 7 }, Cancellation);
        await Conversations.KeepAsync(at, new Dictionary<string, int>(), Cancellation);

        Assert.Equal([new(at, 7), new(at.AddMinutes(1), 2)], await CountsAsync("a", Today, Today));
        Assert.Equal([new(at.AddMinutes(2), 3), new(at.AddMinutes(3), 4)], await CountsAsync("a", Today.AddDays(1), Today.AddDays(1)));
        Assert.Equal(4, (await CountsAsync("a:b", Today.AddDays(-40), Today.AddDays(40))).Count);
        Assert.Empty(await CountsAsync("b", Today, Today.AddDays(1)));
    }

    [Fact]
    public async Task ThoseWhoCanBeSeenAreToldWithTheirConversations()
    {
        await Instance.ApplyAsync(Alice, new Joined("a"));
        await Instance.ApplyAsync(Alice, new Joined("b"));
        await Instance.ApplyAsync(Guest, new Joined("a"));
        foreach (var user in (PresenceKey[])[Alice, Bob, Guest])
        {
            await Instance.ApplyAsync(user, new Activity(Start));
        }

        await Instance.ApplyAsync(Guest, new PrivacyChosen(IsHidden: true, LastSeen: null));

        var present = await Conversations.PresentAsync(Cancellation).OrderBy(user => user.User.Id).ToListAsync(Cancellation);

        Assert.Equal([(Alice, PresenceStatus.Online), (Bob, PresenceStatus.Online)], present.Select(user => (user.User, user.Status)));
        Assert.Equal([["a", "b"], ["lobby"]], present.Select(user => user.Conversations.ToArray()));
    }

    [Fact]
    public async Task TheSumOfADayIsReadAsItWasAndKeptOnce()
    {
        var (first, second) = (Summary(Today), Summary(Today.AddDays(1)) with { PeakAt = null, Lengths = SessionLengths.None });
        Assert.True(await Days.TryAddAsync(second, Cancellation));
        Assert.True(await Days.TryAddAsync(first, Cancellation));
        Assert.False(await Days.TryAddAsync(first with { Users = 99 }, Cancellation));

        var read = await Days.ReadAsync(Today, Today.AddDays(1), Cancellation);

        Assert.Equal([Text(first), Text(second)], read.Select(Text));
        Assert.Equal([Today.AddDays(1)], (await Days.ReadAsync(Today.AddDays(1), Today.AddDays(9), Cancellation)).Select(day => day.Day));
        Assert.Equal(1, await Days.RemoveOldAsync(Today.AddDays(1), Cancellation));
        Assert.Equal([Today.AddDays(1)], (await Days.ReadAsync(Today, Today.AddDays(1), Cancellation)).Select(day => day.Day));
    }

    private protected async Task KeepAsync(PresenceKey user, Session session)
    {
        var stored = await Instance.Store.LoadAsync(user, Cancellation);
        Assert.True(await Instance.Store.TryCommitAsync(new PendingCommit(stored, stored.Records with { Profile = stored.Records.Profile ?? new ProfileRecord() }, null) { Finished = session }, Cancellation));
    }

    private Task<IReadOnlyList<Session>> ReadAsync(PresenceKey user, DateOnly from, DateOnly to) => History.ReadAsync(user, from, to, Cancellation);

    private Task<IReadOnlyList<ConversationCount>> CountsAsync(string conversation, DateOnly from, DateOnly to) => Conversations.ReadAsync(conversation, from, to, Cancellation);

    private static Session At(double seconds, double length) => new(Midnight.AddMilliseconds(seconds * 1_000), Midnight.AddMilliseconds((seconds + length) * 1_000));

    private static DaySummary Summary(DateOnly day) => new()
    {
        Day = day, Users = 1, Guests = 2, WeeklyUsers = 3, DayBefore = 4, ReturnedAfterDay = 5, WeekBefore = 6, ReturnedAfterWeek = 7, Peak = 8, PeakAt = Start,
        PresentSeconds = [.. Enumerable.Range(0, DaySummary.Quarters).Select(quarter => quarter * 1_000_000_000_000L)],
        Lengths = new(SessionLengths.None.Counts.Add(0, 5).Add(117, 1_000_000_000_000)),
    };

    private static string Text(DaySummary day) =>
        $"{day with { PresentSeconds = [], Lengths = SessionLengths.None }} {string.Join(' ', day.PresentSeconds)} {string.Join(' ', day.Lengths.Counts)}";

    private static IEnumerable<string> OddIds() => ["alice", "anon:g", "a/b|c#d?e%", "ä\u0001'!", new string('x', 127)];
}

public sealed class TableHistoryStoreTests(AzuriteFixture azurite) : HistoryStoreContract(azurite)
{
    private Instance? _instance;

    private protected override Instance Instance => _instance ??= Create();

    [Fact]
    public async Task ARowThatCannotBeReadIsPassedOver()
    {
        var (start, shard) = (new DateTimeOffset(2030, 1, 1, 9, 0, 0, TimeSpan.Zero), TableKeys.Partition(TableKeys.Shard(Alice, 4)));
        await KeepAsync(Alice, new(start, start.AddMinutes(1)));
        await Table.AddEntityAsync(new TableEntity(shard, TableKeys.History(Alice, new(2030, 1, 2))) { ["Day"] = 20300102, ["s001"] = "yesterday" }, Cancellation);

        Assert.Equal([new(start, start.AddMinutes(1))], await Instance.Get<IHistoryStore>().ReadAsync(Alice, new(2030, 1, 1), new(2030, 1, 3), Cancellation));
        Assert.Single(await Instance.Get<IHistoryStore>().SessionsAsync(new(2030, 1, 1), Cancellation).Where(one => one.Session.End != DateTimeOffset.MaxValue).ToListAsync(Cancellation));
        Assert.Equal(2, await Instance.Get<IHistoryStore>().RemoveAsync(Alice, Cancellation));
    }
}

public sealed class TableHistoryStoreOverTwoAccountsTests(AzuriteFixture azurite) : HistoryStoreContract(azurite)
{
    private readonly AzuriteFixture _azurite = azurite;
    private string _further = "";
    private Instance? _instance;

    private protected override Instance Instance => _instance ??= Create(o => o.StorageAccounts = _further);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _further = await _azurite.FurtherConnectionStringAsync();
    }
}

public sealed class InMemoryHistoryStoreTests(AzuriteFixture azurite) : HistoryStoreContract(azurite)
{
    private readonly InMemoryPresenceStore _store = new();
    private Instance? _instance;

    private protected override Instance Instance => _instance ??= Instance.OverMemory(_store, Clock);
}
