using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

[Collection(nameof(Alone))]
public class ThrottleTests
{
    [Fact]
    public async Task OfTenRequestsWithinAWindowOneIsRecorded()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        (await system.Backend.PostAsync("maintenance/status-metrics/reset")).MustBeOk();

        for (var i = 0; i < 10; i++)
        {
            (await alice.Caller.GetAsync("api/conversations")).MustBeOk();
        }

        var metrics = (await system.Backend.GetAsync("maintenance/status-metrics")).Data;
        Assert.Equal((10, 9, 1, 0), (
            metrics.GetProperty("totalRequests").GetInt32(),
            metrics.GetProperty("throttledRequests").GetInt32(),
            metrics.GetProperty("successfulUpdates").GetInt32(),
            metrics.GetProperty("failedUpdates").GetInt32()));
        Assert.Equal(90, metrics.GetProperty("throttleRate").GetDouble());
        Assert.NotEqual(0, metrics.GetProperty("cacheSize").GetInt32());
    }

    [Fact]
    public async Task AThrottledCallSaysWhenTheNextIsRecorded()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");

        var first = (await alice.ActAsync()).Data;
        var second = (await alice.ActAsync()).Data;

        Assert.Equal((false, true), (first.GetProperty("throttled").GetBoolean(), second.GetProperty("throttled").GetBoolean()));
        Assert.Equal(first.GetProperty("nextRecordAt").GetDateTimeOffset(), second.GetProperty("nextRecordAt").GetDateTimeOffset());
        Assert.Equal("online", second.GetProperty("status").GetString());
    }
}
