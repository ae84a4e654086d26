using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Throttle;

/// <summary>Last seen to the second, with the settings as they come.</summary>
public class LastSeenTests
{
    private static readonly TimeSpan OfflineAfter = Settings().OfflineAfter;
    private static readonly TimeSpan OneSweep = Seconds(15);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    public async Task LastSeenAndOfflineAreToldByTheTrueLastCall(int seed, int instances)
    {
        var crowd = await Crowd.LiveAsync(seed, users: 300, instances);

        Assert.All(crowd, m => Assert.Equal(1, m.Offlines));
        var late = crowd.Select(m => (m.LastCall - m.LastSeen!.Value).TotalSeconds).Order().ToList();
        var offline = crowd.Select(m => m.OfflineAt!.Value - m.LastCall).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"last seen: p50 {late[150]}, p99 {late[297]}, most {late[^1]} s before the last call; offline {offline[0]} to {offline[^1]} after it");
        Assert.InRange(late[0], 0, 5);
        Assert.InRange(late[297], 0, 5);
        Assert.All(offline, after => Assert.InRange(after, OfflineAfter, OfflineAfter + OneSweep + Seconds(1)));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(4, 4, 4)]
    public async Task AStopCostsOneFurtherWriteOnOneInstanceAndFewOnSeveral(int seed, int instances, int most)
    {
        var crowd = await Crowd.LiveAsync(seed, users: 300, instances);

        var atTheEnd = crowd.Average(m => m.FurtherWrites[^1]);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{atTheEnd:0.00} further writes for the last stop, most {crowd.Max(m => m.FurtherWrites.Max())} for any");
        Assert.All(crowd, m => Assert.InRange(m.FurtherWrites.Max(), 0, most));
        Assert.InRange(atTheEnd, 0.5, 1.1);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(6, 4)]
    public async Task WhileAUserCallsOftenEnoughThereIsOneWritePerWindow(int seed, int instances)
    {
        var crowd = await Crowd.LiveAsync(seed, users: 300, instances);

        Assert.All(crowd, m =>
        {
            var calls = m.Recorded.Where(r => r <= m.LastCall).ToList();
            Assert.All(calls.Zip(calls.Skip(1), (a, b) => b - a), between => Assert.True(between >= Seconds(65), $"{between}"));
        });
    }
}
