using System.Net;
using System.Net.Http.Json;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Forced out and kept out, until the end or until the one with the key lifts it.</summary>
public class BanTests
{
    private static readonly TimeSpan Moments = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task WhoIsBannedIsOutAndStaysOutUntilThatIsLifted()
    {
        var system = await Target.AnyAsync();
        var (alice, bob, conversation) = await ConnectionTests.PairAsync(system);
        await using var listener = await bob.ListenAsync();
        await using var client = await Reconnecting.ConnectAsync(alice.Caller);
        await listener.Inbox.MustHearAsync(alice, "online");

        var banned = await system.Backend.SendAsync(HttpMethod.Put, $"maintenance/bans/{alice.Id}", JsonContent.Create(new { until = "PT1H" }));

        Assert.True(banned.Data.GetProperty("wasOnline").GetBoolean());
        await listener.Inbox.MustHearAsync(alice, "offline");
        await client.GivenUp.WaitAsync(Moments, TestContext.Current.CancellationToken);
        var later = system.SignedInAt(alice, TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2));
        foreach (var caller in new[] { alice.Caller, later.Caller })
        {
            (await caller.PostAsync("api/activity")).MustBeOk();
            var refused = (await caller.PostAsync("api/negotiate")).MustBe(HttpStatusCode.Forbidden, "signed_out");
            Assert.Contains("kept out until 2", refused.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
            Assert.Equal(refused.Body, (await caller.SendAsync(HttpMethod.Put, "api/presence/me", JsonContent.Create(new { text = "hello" }))).Body);
        }

        (await system.Backend.PostAsync("maintenance/user-status", new { userId = alice.Id, isOnline = true })).MustRefuse("isOnline");
        Assert.Equal("offline", await alice.StatusSeenByAsync(bob));
        await listener.MustHaveHeardNothingAsync(system, conversation);

        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/bans?userId={alice.Id}")).MustBeOk();
        await alice.ActAsync();
        await listener.Inbox.MustHearAsync(alice, "online");
    }

    [Fact]
    public async Task ABanEndsByItself()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        (await system.Backend.SendAsync(HttpMethod.Put, $"maintenance/bans?userId={alice.Id}", JsonContent.Create(new { until = "PT1S" }))).MustBeOk();

        await Eventually.BecomesTrueAsync(async () => (await alice.ActAsync()).Text("status") == "online", "alice comes back");
    }

    [Theory, InlineData("{}"), InlineData("""{"until":null}"""), InlineData("""{"until":"soon"}"""), InlineData("""{"until":"P400D"}""")]
    public async Task ABanWithoutAGoodEndIsRefused(string body)
    {
        var system = await Target.AnyAsync();

        (await system.Backend.SendAsync(
            HttpMethod.Put, "maintenance/bans/alice", new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).MustRefuse("until");
    }
}
