using System.Text.Json;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class DeliveryTests
{
    private static readonly object[] News = ["news"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMessageToAllReachesAllButTheExcluded()
    {
        await using var harness = await StartAsync();
        var (ann, bob, guest) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("bob"), await harness.ConnectAsync());

        await harness.Service.SendToAllAsync(TestHub, TestClient.News, News, [bob.Id, "unknown"], Cancellation);

        await AssertReachedAsync(ann, guest);
        await harness.AssertNothingReachedAsync(bob);
    }

    [Fact]
    public async Task AMessageToAUserReachesEveryConnectionOfThatUserOnly()
    {
        await using var harness = await StartAsync();
        var (ann, annAgain) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("ann"));
        var bob = await harness.ConnectAsync("bob");

        await harness.Service.SendToUserAsync(TestHub, "ann", TestClient.News, News, Cancellation);

        await AssertReachedAsync(ann, annAgain);
        await harness.AssertNothingReachedAsync(bob);
    }

    [Fact]
    public async Task UserIdsAreCaseSensitive()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann");

        await harness.Service.SendToUserAsync(TestHub, "ANN", TestClient.News, News, Cancellation);

        await harness.AssertNothingReachedAsync(ann);
    }

    [Fact]
    public async Task AMessageToAGroupReachesItsConnectionsButTheExcluded()
    {
        await using var harness = await StartAsync();
        var (ann, bob, cid) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("bob"), await harness.ConnectAsync("cid"));
        await harness.Service.AddConnectionToGroupAsync(TestHub, ann.Id, "room", Cancellation);
        await harness.Service.AddConnectionToGroupAsync(TestHub, bob.Id, "room", Cancellation);

        await harness.Service.SendToGroupAsync(TestHub, "room", TestClient.News, News, [bob.Id], Cancellation);

        await AssertReachedAsync(ann);
        await harness.AssertNothingReachedAsync(bob);
        await harness.AssertNothingReachedAsync(cid);
    }

    [Fact]
    public async Task AMessageToAConnectionReachesThatOneOnly()
    {
        await using var harness = await StartAsync();
        var (one, other) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("ann"));

        await harness.Service.SendToConnectionAsync(TestHub, one.Id, TestClient.News, News, Cancellation);

        await AssertReachedAsync(one);
        await harness.AssertNothingReachedAsync(other);
    }

    [Fact]
    public async Task SendingToNobodyIsNoFailure()
    {
        await using var harness = await StartAsync();

        await harness.Service.SendToAllAsync(TestHub, TestClient.News, News, cancellationToken: Cancellation);
        await harness.Service.SendToUserAsync(TestHub, "nobody", TestClient.News, News, Cancellation);
        await harness.Service.SendToGroupAsync(TestHub, "nowhere", TestClient.News, News, cancellationToken: Cancellation);
        await harness.Service.SendToConnectionAsync(TestHub, "none", TestClient.News, News, Cancellation);
    }

    [Fact]
    public async Task HubsAreIsolatedFromEachOther()
    {
        await using var harness = await StartAsync();
        var (here, there) = (await harness.ConnectAsync("ann"), await harness.ConnectAsync("ann", hub: "other"));
        await harness.Service.AddUserToGroupAsync(TestHub, "ann", "room", cancellationToken: Cancellation);

        await harness.Service.SendToAllAsync(TestHub, TestClient.News, News, cancellationToken: Cancellation);
        await harness.Service.SendToUserAsync(TestHub, "ann", TestClient.News, News, Cancellation);
        await harness.Service.SendToGroupAsync(TestHub, "room", TestClient.News, News, cancellationToken: Cancellation);
        await harness.Service.SendToConnectionAsync(TestHub, there.Id, TestClient.News, News, Cancellation);

        await AssertReachedAsync(here, here, here);
        await harness.AssertNothingReachedAsync(there, hub: "other");
        Assert.False(await harness.Service.ConnectionExistsAsync(TestHub, there.Id, Cancellation));
        Assert.False(await harness.Service.GroupExistsAsync("other", "room", Cancellation));
    }

    [Fact]
    public async Task TheCaseOfAHubNameMakesNoDifference()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann", hub: "PresenceHub");

        await harness.Service.SendToUserAsync("presencehub", "ann", TestClient.News, News, Cancellation);

        await AssertReachedAsync(ann);
    }

    [Fact]
    public async Task ArgumentsArriveUnchangedAndInOrder()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync();
        string[] arguments =
        [
            """{"Big":12345678901234567890.12345678901234567890,"n":null,"t":"é😀\"\\/","a":[[],{}],"id":"x"}""",
            "1e400", "null", "\"\"",
        ];

        foreach (var argument in arguments)
        {
            await harness.Service.SendToConnectionAsync(TestHub, ann.Id, TestClient.News, [JsonElement.Parse(argument)], Cancellation);
        }

        foreach (var argument in arguments)
        {
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(argument), await ann.NextAsync()), argument);
        }
    }

    [Fact]
    public async Task MessagesKeepTheirOrder()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync();

        for (var i = 0; i < 200; i++)
        {
            await harness.Service.SendToAllAsync(TestHub, TestClient.News, [i], cancellationToken: Cancellation);
        }

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(i, (await ann.NextAsync()).GetInt32());
        }
    }

    private static async Task AssertReachedAsync(params TestClient[] clients)
    {
        foreach (var client in clients)
        {
            Assert.Equal("news", (await client.NextAsync()).GetString());
        }
    }
}
