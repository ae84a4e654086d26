using Presence.Core.Domain;
using Presence.Core.History;
using Presence.Core.Metrics;
using Presence.Core.Population;
using Presence.Core.Ports;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Population;

public sealed class CensusTakerTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task WhoIsHereIsCountedByKindAndStatus()
    {
        var instance = Create();
        foreach (var user in Users(7).Append(Guest))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        foreach (var user in Users(3).Append(Guest))
        {
            await instance.ApplyAsync(user, new Connected(user.Id));
        }

        // Those who are connected turn away, those who are not go offline; Bob has just come.
        Clock.Advance(TimeSpan.FromMinutes(5));
        await instance.Sweep.RunAsync(Cancellation);
        await instance.ApplyAsync(Bob, new Activity(Clock.GetUtcNow()));

        var census = await instance.Get<CensusTaker>().TakeAsync(Cancellation);

        Assert.Equal(new Census(Clock.GetUtcNow(), Online: 1, Away: 3, OnlineAnonymous: 0, AwayAnonymous: 1), census);
        Assert.Equal(census, await Create().Get<IMaintenanceStore>().FindCensusAsync(Cancellation));
    }

    [Fact]
    public async Task OnlyTheInstanceThatCountedLastObservesUsersAndOnlyWhileTheScheduleIsKept()
    {
        var (counting, other) = (Create(), Create());
        await counting.ApplyAsync(Alice, new Activity(Start));
        await counting.Get<CensusTaker>().TakeAsync(Cancellation);
        other.Get<CensusTaker>();

        Assert.Equal([1], Observed(counting));
        Assert.Equal([], Observed(other));

        Clock.Advance(Seconds(60 + 45));
        Assert.Equal([1], Observed(counting));
        Clock.Advance(Seconds(1));
        Assert.Equal([], Observed(counting));
    }

    [Fact]
    public async Task WhereHistoryIsKeptItIsCountedWhoIsInEachConversation()
    {
        var instance = Create(o => o.HistoryRetention = TimeSpan.FromDays(30));
        await instance.ApplyAsync(Alice, new Joined("a"));
        await instance.ApplyAsync(Alice, new Joined("b"));
        await instance.ApplyAsync(Bob, new Joined("a"));
        foreach (var user in new[] { Alice, Bob, Guest })
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        Assert.Equal(new Census(Start, Online: 2, Away: 0, OnlineAnonymous: 1, AwayAnonymous: 0), await instance.Get<CensusTaker>().TakeAsync(Cancellation));
        Clock.Advance(Seconds(60));
        await instance.ApplyAsync(Bob, new SignedOut());
        await instance.Get<CensusTaker>().TakeAsync(Cancellation);

        var (history, day) = (Create().Get<HistoryReader>(), DateOnly.FromDateTime(Start.UtcDateTime));
        Assert.Equal([new ConversationHour(Start, 2, 3)], await history.ReadAsync("a", day, day, Cancellation));
        Assert.Equal([new ConversationHour(Start, 1, 2)], await history.ReadAsync("b", day, day, Cancellation));
        Assert.Equal([new ConversationHour(Start, 1, 2)], await history.ReadAsync("lobby", day, day, Cancellation));
    }

    private static double[] Observed(Instance instance) => instance.Totals.Of(MetricCatalogue.Users, "registered", "online").ToArray();
}
