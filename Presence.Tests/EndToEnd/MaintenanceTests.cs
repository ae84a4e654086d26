using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class MaintenanceTests
{
    [Fact]
    public async Task StatsCountUsersGuestsAndSessions()
    {
        await using var system = await Target.OwnAsync();
        await system.NewUser("alice").ActAsync();
        var bob = system.NewUser("bob");
        await bob.ActAsync();
        await bob.SignOutAsync();
        await (await system.NewGuestAsync("guest")).ActAsync();
        await system.NewGuestAsync("another");
        await ConnectionTests.SweepsPassAsync(system, count: 1);

        // Users are added up by the clean-up; what came since is counted on top.
        (await system.Backend.PostAsync("maintenance/cleanup")).MustBeOk();
        await system.NewUser("carol").ActAsync();

        var stats = (await system.Backend.GetAsync("maintenance/stats")).Data;
        Assert.Equal(
            ["onlineUsers", "totalUsers", "anonymousSessions", "onlineAnonymous", "offlineThresholdMinutes", "maintenanceActive", "lastSweep", "truth", "cost"],
            stats.EnumerateObject().Select(p => p.Name));
        Assert.Equal((2, 3, 2, 1), (
            stats.GetProperty("onlineUsers").GetInt32(),
            stats.GetProperty("totalUsers").GetInt32(),
            stats.GetProperty("anonymousSessions").GetInt32(),
            stats.GetProperty("onlineAnonymous").GetInt32()));
        Assert.Equal(5, stats.GetProperty("offlineThresholdMinutes").GetDouble());
        Assert.True(stats.GetProperty("maintenanceActive").GetBoolean());
        Assert.Equal(
            ["startedAt", "durationMs", "due", "transitions", "failedShards", "completedAt", "resumedAt"],
            stats.GetProperty("lastSweep").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task TheSweepRunsByItsSchedule()
    {
        var system = await Target.AnyAsync();

        await Eventually.BecomesTrueAsync(
            async () => (await system.Backend.GetAsync("maintenance/stats")).Data.GetProperty("maintenanceActive").GetBoolean(),
            "a sweep has run");
    }

    [Fact]
    public async Task MetricsHaveTheAgreedShape()
    {
        var system = await Target.AnyAsync();

        var metrics = (await system.Backend.GetAsync("maintenance/status-metrics")).Data;

        Assert.Equal(
            ["totalRequests", "throttledRequests", "successfulUpdates", "failedUpdates", "cacheSize", "throttleRate"],
            metrics.EnumerateObject().Select(p => p.Name));
        Assert.All(metrics.EnumerateObject(), p => Assert.Equal(JsonValueKind.Number, p.Value.ValueKind));
    }

    [Fact]
    public async Task TheCleanUpRemovesExpiredSessionsAndLeavesTheOthers()
    {
        await using var system = await Target.OwnAsync();
        await system.NewGuestAsync("short", lifetimeSeconds: 1);
        var lasting = await system.NewGuestAsync("lasting");

        await Eventually.BecomesTrueAsync(
            async () => (await system.Backend.PostAsync("maintenance/cleanup")).Data.GetProperty("expiredSessions").GetInt32() == 1,
            "the expired session is removed");

        Assert.Equal(0, (await system.Backend.PostAsync("maintenance/cleanup")).Data.GetProperty("expiredSessions").GetInt32());
        await lasting.ActAsync();
    }

    [Fact]
    public async Task AStatusSetByHandIsAnsweredAsItIsSeen()
    {
        var system = await Target.AnyAsync();
        var (alice, bob) = (system.NewUser("alice"), system.NewUser("bob"));

        var answer = (await system.Backend.PostAsync("maintenance/user-status", new { userId = alice.Id, isOnline = true })).Data;

        Assert.Equal(
            ["userId", "isAnonymous", "isOnline", "status", "availability", "lastActiveAt", "lastSeenAt", "version"],
            answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal(answer.GetRawText(), (await bob.Caller.GetAsync($"api/presence/{alice.Id}")).Data.GetRawText());
        await system.SetAsync(alice.Id, isOnline: false);
        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
    }
}
