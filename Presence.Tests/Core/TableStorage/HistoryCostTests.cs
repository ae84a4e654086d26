using Presence.Core.Analytics;
using Presence.Core.Domain;
using Presence.Core.History;
using Presence.Core.Population;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What history costs in requests to storage: nothing more for a session, which goes along with what is written anyway, but for the room it takes there.</summary>
public sealed class HistoryCostTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private static readonly DateOnly Today = new(2030, 1, 1);

    private readonly FaultyTransport _transport = new();

    public static TheoryData<string> Leavings => ["signs out", "turns invisible", "hides", "is swept", "is swept among others"];

    [Theory, MemberData(nameof(Leavings))]
    public async Task ASessionCostsNoRequestAndOneRowInOneThereIs(string how)
    {
        var (without, with) = (await LeaveAsync(how, TimeSpan.Zero), await LeaveAsync(how, TimeSpan.FromDays(30)));

        Assert.Equal(without.Requests, with.Requests);
        Assert.Equal(0, without.Rows);
        Assert.Equal(how == "is swept among others" ? 9 : 1, with.Rows);
    }

    /// <summary>With its session each takes five rows of the hundred of a transaction, and four without.</summary>
    [Fact]
    public async Task OfASweepTwentyAndNotTwentyFiveAreWrittenTogether()
    {
        Assert.Equal([25], await SweptTogetherAsync(TimeSpan.Zero));
        Assert.Equal([20, 5], await SweptTogetherAsync(TimeSpan.FromDays(30)));
    }

    [Fact]
    public async Task WithoutRetentionNothingIsWrittenByTheCensusNorSummedUp()
    {
        var instance = await OpenAsync(TimeSpan.Zero);
        await instance.ApplyAsync(Alice, new Activity(Start));

        Assert.Equal(4 + 1, await CostAsync(() => instance.Get<CensusTaker>().TakeAsync(Cancellation)));
        Assert.Equal(0, await CostAsync(() => instance.Get<DayFolder>().RunAsync(Cancellation)));
    }

    [Fact]
    public async Task ACensusCostsATransactionMoreForEach100ConversationsOfAShard()
    {
        var instance = await OpenAsync(TimeSpan.FromDays(30), shards: 1);
        foreach (var (user, conversation) in Users(4).SelectMany(user => Enumerable.Range(0, 50).Select(i => (user, $"{user.Id}-{i}"))))
        {
            await instance.ApplyAsync(user, new Joined(conversation));
        }

        Assert.Equal(1 + 1, await CostAsync(() => instance.Get<CensusTaker>().TakeAsync(Cancellation)));
        foreach (var user in Users(4))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Assert.Equal(1 + 1 + 2, await CostAsync(() => instance.Get<CensusTaker>().TakeAsync(Cancellation)));
    }

    [Fact]
    public async Task ReadingCostsARequestForEachMonth()
    {
        var instance = await OpenAsync(TimeSpan.FromDays(30));
        var history = instance.Get<HistoryReader>();

        Assert.Equal(1, await CostAsync(() => history.ReadAsync(Alice, Today, Today.AddDays(30), Cancellation)));
        Assert.Equal(5, await CostAsync(() => history.ReadAsync(Alice, Today.AddDays(-68), Today.AddDays(31), Cancellation)));
        Assert.Equal(2, await CostAsync(() => history.ReadAsync("a", Today.AddDays(-1), Today, Cancellation)));
        Assert.Equal(1, await CostAsync(() => instance.Get<AnalyticsReader>().ReadAsync(Today.AddDays(-399), Today, TimeZoneInfo.Utc, Cancellation)));
    }

    [Fact]
    public async Task RemovingWhatIsOldCostsTwoQueriesPerShardAndARequestForEach100Rows()
    {
        var instance = await OpenAsync(TimeSpan.FromDays(30), shards: 1);
        var history = instance.Get<IHistoryStore>();
        Assert.Equal(2, await CostAsync(() => history.RemoveOldAsync(Today, Cancellation)));
        foreach (var user in Users(120))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Clock.Advance(TimeSpan.FromHours(1));
        await instance.Sweep.RunAsync(Cancellation);

        Assert.Equal(2, await CostAsync(() => history.RemoveOldAsync(Today, Cancellation)));
        Assert.Equal(2 + 2, await CostAsync(() => history.RemoveOldAsync(Today.AddDays(1), Cancellation)));
    }

    [Fact]
    public async Task AnErasureCostsOneLookOrOneForEachMonthThatCanBeKept()
    {
        var instance = await OpenAsync(TimeSpan.FromDays(30));
        await instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(Seconds(60));
        await instance.ApplyAsync(Alice, new SignedOut());

        // From the month 431 days back to that of tomorrow; one of them has a row.
        Assert.Equal(1 + 16 + 1, await CostAsync(() => instance.Get<IHistoryStore>().RemoveAsync(Alice, Cancellation)));
        Assert.Equal(1, await CostAsync(() => instance.Get<IHistoryStore>().RemoveAsync(Alice, Cancellation)));
    }

    [Fact]
    public async Task ADayIsSummedUpByAQueryOfThoseWhoAreHereAndOneForEachMonthOfItsWeekPerShard()
    {
        var instance = await OpenAsync(TimeSpan.FromDays(30));
        Clock.Advance(TimeSpan.FromDays(20));

        // Which days are known, and the sum. Of the week and the day after it all lies in one month.
        Assert.Equal(1 + (4 * 2) + 1, await CostAsync(() => instance.Get<DayFolder>().RunAsync(Cancellation)));
        Assert.Equal(1, await CostAsync(() => instance.Get<DayFolder>().RunAsync(Cancellation)));
        Assert.Equal(1, await CostAsync(() => instance.Get<DayFolder>().RemoveOldAsync(Cancellation)));
    }

    /// <summary>How many of 25 who are due in one shard each transaction of the sweep takes.</summary>
    private async Task<IEnumerable<int>> SweptTogetherAsync(TimeSpan retention)
    {
        var instance = await OpenAsync(retention, shards: 1, name: TableName + (retention == default ? "off" : "on"));
        var began = Clock.GetUtcNow();
        foreach (var user in Users(25))
        {
            await instance.ApplyAsync(user, new Activity(began));
        }

        Clock.Advance(TimeSpan.FromMinutes(5));
        await CostAsync(() => instance.Sweep.RunAsync(Cancellation));
        return [.. _transport.Batches.Select(keys => keys.Count(key => key.StartsWith(TableKeys.OnlinePrefix, StringComparison.Ordinal))).Where(users => users > 0)];
    }

    private async Task<(int Requests, int Rows)> LeaveAsync(string how, TimeSpan retention)
    {
        var instance = await OpenAsync(retention, name: TableName + how.Length + (retention == default ? "off" : "on"));
        PresenceKey[] users = how == "is swept among others" ? [.. Users(8), Alice] : [Alice];
        var began = Clock.GetUtcNow();
        foreach (var user in users)
        {
            await instance.ApplyAsync(user, new Activity(began));
        }

        Clock.Advance(how.StartsWith("is swept", StringComparison.Ordinal) ? TimeSpan.FromMinutes(5) : Seconds(30));
        var requests = await CostAsync(() => how switch
        {
            "signs out" => instance.ApplyAsync(Alice, new SignedOut()),
            "turns invisible" => instance.ApplyAsync(Alice, new Chosen(ChoiceSource.User, new(ChosenAvailability.Invisible))),
            "hides" => instance.ApplyAsync(Alice, new PrivacyChosen(IsHidden: true, LastSeen: null)),
            _ => instance.Sweep.RunAsync(Cancellation),
        });

        // How many duties are crossed out together is chance where there are several: of those only what writes the users counts.
        requests = users.Length == 1 ? requests : _transport.Batches.Count(keys => keys.Any(key => key.StartsWith(TableKeys.OnlinePrefix, StringComparison.Ordinal)));
        return (requests, _transport.Batches.Sum(keys => keys.Count(key => key.StartsWith(TableKeys.HistoryPrefix, StringComparison.Ordinal))));
    }

    private async Task<Instance> OpenAsync(TimeSpan retention, int shards = 4, string? name = null)
    {
        var instance = Create(o => (o.HistoryRetention, o.ShardCount, o.TableName) = (retention, shards, name ?? TableName), _transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
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
