using Presence.Core.Costs;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Costs;

public sealed class UsageCountsTests
{
    private static readonly UsageCounts None = UsageCounts.Of(MetricTotals.None);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AMessageIsBilledOnceForEachWhoListensHoweverManyCallsSendIt(bool canBeHidden)
    {
        var realtime = new FakeRealtimeService();
        await using var instance = Instance.OverMemory(new InMemoryPresenceStore(), Clock(), o => o.LastSeenCanBeHidden = canBeHidden, realtime);
        await instance.ApplyAsync(Alice, new Activity(Start));

        var used = UsageCounts.Of(instance.Totals).Since(None, 60, 1, Settings(o => o.LastSeenCanBeHidden = canBeHidden));

        var groups = realtime.Sent.Select(message => message.Group!).ToList();
        var untimed = groups.Select(GroupName.Untimed).Intersect(groups).Count();
        Assert.Equal(canBeHidden, untimed > 0);
        Assert.Equal((groups.Count - untimed) * 10, used.Messages);
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 2500, 3)]
    [InlineData(5, 2500, 5)]
    [InlineData(0, 0, 0)]
    public void UnitsThatArePaidForAreCountedWhoeverConnects(double units, long users, double perDay) =>
        Assert.Equal(perDay, None.Since(None, 86_400, users, Settings(o => o.Prices.Units = units)).UnitDays);
}
