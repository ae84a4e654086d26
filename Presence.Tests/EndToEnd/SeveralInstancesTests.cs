using System.Net;
using System.Text.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class SeveralInstancesTests
{
    [Fact]
    public async Task MetricsAreTheSumOverAllAndAResetHoldsForAll()
    {
        await using var instances = await Instances.StartAsync(3);
        var alice = instances.Everywhere("alice");
        foreach (var user in alice)
        {
            await user.ActAsync();
            await user.ActAsync();
        }

        await EachSaysAsync(instances, (6, 5, 1));

        (await instances.All[1].Backend.PostAsync("maintenance/status-metrics/reset")).MustBeOk();
        await EachSaysAsync(instances, (0, 0, 0));

        await alice[2].ActAsync();
        await EachSaysAsync(instances, (1, 1, 0));
    }

    [Fact]
    public async Task AChangeOnAnyInstanceIsHeardOnceByAll()
    {
        await using var instances = await Instances.StartAsync(2);
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(instances.First);
        var elsewhere = instances.All[1];
        await using var here = await bob.ListenAsync();
        await using var there = await elsewhere.UserOf(bob.Id).ListenAsync();

        await Task.WhenAll(elsewhere.UserOf(alice.Id).ActAsync(), alice.ActAsync());
        await here.Inbox.MustHearAsync(alice, "online");
        await there.Inbox.MustHearAsync(alice, "online");
        await elsewhere.UserOf(alice.Id).SignOutAsync();
        await here.Inbox.MustHearAsync(alice, "offline");
        await there.Inbox.MustHearAsync(alice, "offline");

        await here.MustHaveHeardNothingAsync(elsewhere, conversation);
    }

    [Fact]
    public async Task SweepsOfSeveralInstancesTellOnce()
    {
        await using var instances = await Instances.StartAsync(3, settings: ("OfflineAfter", "00:00:02"));
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(instances.First);
        await using var listener = await bob.ListenAsync();
        await instances.All[2].UserOf(alice.Id).ActAsync();

        await listener.Inbox.MustHearAsync(alice, "online");
        await listener.Inbox.MustHearAsync(alice, "offline");

        await ConnectionTests.SweepsPassAsync(instances.First, count: 2);
        await listener.MustHaveHeardNothingAsync(instances.First, conversation);
    }

    private static async Task EachSaysAsync(Instances instances, (int Total, int Throttled, int Recorded) expected)
    {
        foreach (var system in instances.All)
        {
            // An instance tells of its counts within a second.
            await Eventually.BecomesTrueAsync(
                async () => Counts((await system.Backend.GetAsync("maintenance/status-metrics")).Data) == expected, $"metrics are {expected}");
        }
    }

    /// <summary>An instance that has looked a session up trusts it for a while, and that brings nobody back.</summary>
    [Fact]
    public async Task AGuestRevokedOnOneInstanceDoesNotComeBackByAnother()
    {
        await using var instances = await Instances.StartAsync(2);
        var (guest, bob) = (await instances.First.NewGuestAsync("guest"), instances.First.NewUser("bob"));
        var elsewhere = instances.All[1].CallerWith(guest.Caller.Credentials.Name, guest.Caller.Credentials.Value);
        await guest.ActAsync();
        (await elsewhere.With("Presence-Activity", "passive").GetAsync("api/conversations")).MustBeOk();

        (await instances.First.Backend.SendAsync(HttpMethod.Delete, $"api/anonymous-sessions/{guest.Id["anon:".Length..]}")).MustBeOk();

        Assert.Equal("offline", (await elsewhere.PostAsync("api/activity")).MustBeOk().Text("status"));
        (await elsewhere.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Forbidden, "signed_out");
        Assert.Equal("offline", await guest.StatusSeenByAsync(bob));
    }

    private static (int, int, int) Counts(JsonElement metrics) => (
        metrics.GetProperty("totalRequests").GetInt32(),
        metrics.GetProperty("throttledRequests").GetInt32(),
        metrics.GetProperty("successfulUpdates").GetInt32());
}
