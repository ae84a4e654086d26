using Presence.Core.Analytics;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.Retention;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Analytics;

public sealed class DayFolderTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private static readonly DateOnly First = new(2030, 1, 1);

    [Fact]
    public async Task TheCleanUpSumsUpEachDayOnceItIsOver()
    {
        var instance = Kept();
        await StayAsync(instance, Alice, TimeSpan.FromMinutes(30));
        await StayAsync(instance, Guest, TimeSpan.FromMinutes(10));
        Assert.Equal(1, (await CleanUpAsync(instance)).SummedDays);
        Clock.Advance(TimeSpan.FromHours(12));
        await instance.ApplyAsync(Bob, new Connected(Connection));

        // An hour after midnight it is settled; Bob, who came after it, is none of that day.
        Clock.Advance(First.AddDays(1).ToDateTime(new(0, 59)) - Clock.GetUtcNow().UtcDateTime);
        Assert.Equal(0, (await CleanUpAsync(instance)).SummedDays);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await CleanUpAsync(instance)).SummedDays);
        Assert.Equal(0, (await CleanUpAsync(instance)).SummedDays);

        var day = (await ReadAsync(instance))[^1];
        Assert.Equal((First, 1, 1, 1, 2), (day.Day, day.Users, day.Guests, day.Peak, day.Lengths.Sessions));
        Assert.Equal((30 + 10) * 60, day.PresentSeconds.Sum());
    }

    [Fact]
    public async Task DaysThatWereMissedAreSummedUpWithinAWeekAndWhoIsStillHereCounts()
    {
        var instance = Kept();
        await instance.ApplyAsync(Alice, new Connected(Connection));
        Clock.Advance(TimeSpan.FromDays(1));
        await instance.Get<DayFolder>().RunAsync(Cancellation);

        Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(4, await instance.Get<DayFolder>().RunAsync(Cancellation));
        Clock.Advance(TimeSpan.FromDays(9));
        Assert.Equal(1, await instance.Get<DayFolder>().RunAsync(Cancellation));

        var days = await ReadAsync(instance);
        Assert.Equal([0, 1, 2, 3, 4, 13], days.Select(day => day.Day.DayNumber - First.DayNumber));
        Assert.Equal([12 * 3_600, 86_400, 86_400, 86_400, 86_400, 86_400], days.Select(day => day.PresentSeconds.Sum()));
        Assert.All(days.Skip(1), day => Assert.Equal((1, 1, 1), (day.Users, day.DayBefore, day.ReturnedAfterDay)));
    }

    [Fact]
    public async Task OfSeveralInstancesAtOnceOneSumsItUp()
    {
        Instance[] instances = [Kept(), Kept(), Kept()];
        await StayAsync(instances[0], Alice, TimeSpan.FromMinutes(30));
        Clock.Advance(TimeSpan.FromDays(1));

        var summed = await Task.WhenAll(instances.Select(instance => instance.Get<DayFolder>().RunAsync(Cancellation)));

        Assert.Equal(1, summed.Sum());
        Assert.Equal(1, Assert.Single(await ReadAsync(instances[0])).Users);
    }

    [Fact]
    public async Task ASumHoldsNobodyAndStaysWhenAUserIsErased()
    {
        var instance = Kept();
        await StayAsync(instance, Alice, TimeSpan.FromMinutes(30));
        Clock.Advance(TimeSpan.FromDays(1));
        await instance.Get<DayFolder>().RunAsync(Cancellation);

        await instance.Get<IHistoryStore>().RemoveAsync(Alice, Cancellation);

        Assert.Empty(await instance.Get<IHistoryStore>().ReadAsync(Alice, First, First.AddDays(2), Cancellation));
        Assert.Equal(1, Assert.Single(await ReadAsync(instance)).Users);
        Assert.DoesNotContain(
            await Table.QueryAsync<Azure.Data.Tables.TableEntity>(row => row.PartitionKey == "meta", cancellationToken: Cancellation).ToListAsync(Cancellation),
            row => row.Any(column => $"{column.Value}".Contains("alice", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SumsGoAfterThreeYearsWhetherThereAreFurtherOnesOrNot()
    {
        var instance = Kept();
        await StayAsync(instance, Alice, TimeSpan.FromMinutes(30));
        Clock.Advance(TimeSpan.FromDays(1));
        await CleanUpAsync(instance);

        var off = Create(o => o.HistoryRetention = TimeSpan.Zero);
        Clock.Advance(TimeSpan.FromDays((3 * 366) - 2));
        await CleanUpAsync(off);
        Assert.Single(await ReadAsync(instance));
        Clock.Advance(TimeSpan.FromDays(2));
        await CleanUpAsync(off);
        Assert.Empty(await ReadAsync(instance));
    }

    private Instance Kept() => Create(o => o.HistoryRetention = TimeSpan.FromDays(30));

    private async Task StayAsync(Instance instance, PresenceKey user, TimeSpan time)
    {
        await instance.ApplyAsync(user, new Activity(Clock.GetUtcNow()));
        Clock.Advance(time);
        await instance.ApplyAsync(user, new SignedOut());
    }

    private static Task<CleanupReport> CleanUpAsync(Instance instance) => instance.Get<Cleanup>().RunAsync(Cancellation);

    private static Task<IReadOnlyList<DaySummary>> ReadAsync(Instance instance) =>
        instance.Get<IDaySummaryStore>().ReadAsync(First.AddDays(-9), First.AddDays(30), Cancellation);
}
