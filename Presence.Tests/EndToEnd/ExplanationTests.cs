using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>Why is she shown offline?</summary>
public class ExplanationTests
{
    [Fact]
    public async Task AskingChangesNothingAndTellsTheReason()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        Assert.Equal("neverSeen", (await alice.Caller.GetAsync("api/presence/me/explain")).Text("reason"));

        await alice.ActAsync();
        await alice.SignOutAsync();

        foreach (var answer in new[]
        {
            await alice.Caller.GetAsync("api/presence/me/explain"),
            await system.Backend.GetAsync($"maintenance/users/{alice.Id}/explain"),
            await system.Backend.GetAsync($"maintenance/users/explain?userId={alice.Id}"),
        })
        {
            Assert.Equal(("signedOut", "offline", alice.Id), (answer.Text("reason"), answer.Text("status"), answer.Text("userId")));
            Assert.StartsWith("Offline: signed out, or set offline by hand, at 20", answer.Text("sentence"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhoIsHereLearnsByWhichConnectionsAndUntilWhen()
    {
        var system = await Target.AnyAsync();
        var alice = system.NewUser("alice");
        await using var phone = await alice.ListenSayingAsync(new { device = "mobile" });

        var explained = (await alice.Caller.GetAsync("api/presence/me/explain")).Data;

        Assert.Equal("active", explained.GetProperty("reason").GetString());
        Assert.Equal("mobile", explained.GetProperty("connections")[0].GetProperty("device").GetString());
        Assert.Equal("away", explained.GetProperty("expected")[0].GetProperty("what").GetString());
        Assert.Equal(explained.GetProperty("dueAt").GetString(), explained.GetProperty("expected")[0].GetProperty("at").GetString());
    }

    [Theory, InlineData("acme%2Fbob"), InlineData("%25")]
    public async Task AnIdThatCouldBeAnotherIsRefused(string id)
    {
        var system = await Target.AnyAsync();

        (await system.Backend.GetAsync($"maintenance/users/{id}/explain")).MustRefuse("?userId=");
    }
}
