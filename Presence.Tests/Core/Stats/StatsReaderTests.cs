using Presence.Core.Retention;
using Presence.Core.Sessions;
using Presence.Core.Stats;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Stats;

public sealed class StatsReaderTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task AnEmptySystemIsAllZeros() =>
        Assert.Equal(new MaintenanceStats(0, 0, 0, 0, 5, false, null), await ReadAsync(Create()));

    [Fact]
    public async Task UsersSessionsAndGuestsAreCounted()
    {
        var instance = Create();
        foreach (var user in Users(5).Append(Guest))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        await instance.ApplyAsync(Users(1)[0], new SignedOut());
        await instance.Get<AnonymousSessions>().IssueAsync(Guest, Seconds(60), Cancellation);

        var stats = await ReadAsync(instance);

        Assert.Equal((4, 5, 1, 1), (stats.OnlineUsers, stats.TotalUsers, stats.AnonymousSessions, stats.OnlineAnonymous));
        Clock.Advance(Seconds(60));
        Assert.Equal(0, (await ReadAsync(instance)).AnonymousSessions);
    }

    [Fact]
    public async Task UsersAreCountedOnceHoweverOftenTheyAreAddedUpOrReturn()
    {
        var instance = Create(o => o.ShardCount = 1);
        foreach (var user in Users(120))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        await instance.Get<Cleanup>().RunAsync(Cancellation);
        Assert.Equal(120, (await ReadAsync(instance)).TotalUsers);
        await instance.ApplyAsync(Users(1)[0], new SignedOut());
        Clock.Advance(Seconds(1));
        await instance.ApplyAsync(Users(1)[0], new Activity(Clock.GetUtcNow()));
        await instance.ApplyAsync(Alice, new Activity(Clock.GetUtcNow()));
        await Task.WhenAll(instance.Get<Cleanup>().RunAsync(Cancellation), Create(o => o.ShardCount = 1).Get<Cleanup>().RunAsync(Cancellation));

        Assert.Equal(121, (await ReadAsync(instance)).TotalUsers);
    }

    [Fact]
    public async Task MaintenanceIsActiveWhileTheSweepComesInTime()
    {
        var instance = Create();
        await instance.Sweep.RunAsync(Cancellation);

        Clock.Advance(Seconds(60));
        var inTime = await ReadAsync(Create());
        Clock.Advance(Seconds(1));
        var late = await ReadAsync(instance);

        Assert.Equal((true, false), (inTime.MaintenanceActive, late.MaintenanceActive));
        Assert.Equal((Start, 0, 0, 0), (late.LastSweep!.StartedAt, late.LastSweep.Due, late.LastSweep.Transitions, late.LastSweep.FailedShards));
    }

    private static Task<MaintenanceStats> ReadAsync(Instance instance) => instance.Get<StatsReader>().ReadAsync(Cancellation);
}
