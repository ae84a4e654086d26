using System.Net;
using Presence.Client;
using Presence.Client.Model;

namespace Presence.Tests.Client;

public class WebhookCallTests
{
    [Fact]
    public async Task EachIsMadeWhereTheServerTakesItAndWhatIsNullIsLeftOut()
    {
        var server = new Server();
        for (var i = 0; i < 9; i++)
        {
            server.Answers(i == 5 ? "null" : "{}");
        }

        var client = Some.Client(server);

        await client.GetWebhooksAsync();
        await client.AddWebhookAsync(new() { Url = "https://hooks.test/", Filter = new() { Types = [PresenceEventType.Status], Users = ["a/b"] }, After = "c1" });
        await client.GetWebhookAsync("wh1");
        await client.ChangeWebhookAsync("wh1", new() { Description = "", Enabled = false });
        await client.ExchangeWebhookSecretAsync("wh1");
        await client.RemoveWebhookAsync("wh1");
        await client.ReplayWebhookAsync("wh1", "c2");
        await client.ReplayWebhookAsync("wh1");
        await client.TestWebhookAsync("wh1");

        Assert.Equal(
            [
                "GET /api/webhooks ",
                """POST /api/webhooks {"url":"https://hooks.test/","filter":{"types":["presence.status"],"users":["a/b"]},"after":"c1"}""",
                "GET /api/webhooks/wh1 ",
                """PATCH /api/webhooks/wh1 {"description":"","enabled":false}""",
                "POST /api/webhooks/wh1/secrets ",
                "DELETE /api/webhooks/wh1 ",
                """POST /api/webhooks/wh1/replay {"after":"c2"}""",
                "POST /api/webhooks/wh1/replay {}",
                "POST /api/webhooks/wh1/test ",
            ],
            server.Asked.Select(asked => $"{asked.Method} {asked.Path} {asked.Body}"));
        Assert.All(server.Asked, asked => Assert.Equal(Some.Key, asked.Headers["x-functions-key"]));
    }

    [Theory, InlineData("a/b"), InlineData(".."), InlineData("a%2Fb"), InlineData("a?b"), InlineData("")]
    public async Task WhatCannotBeAWebhookIsNotAskedFor(string webhook)
    {
        var server = new Server();

        await Assert.ThrowsAsync<ArgumentException>(() => Some.Client(server).RemoveWebhookAsync(webhook));

        Assert.Empty(server.Asked);
    }

    public static TheoryData<Func<IPresenceClient, Task>> MadeOnce => new(
        client => client.AddWebhookAsync(new() { Url = "https://hooks.test/" }),
        client => client.ExchangeWebhookSecretAsync("wh1"),
        client => client.TestWebhookAsync("wh1"));

    [Theory, MemberData(nameof(MadeOnce), DisableDiscoveryEnumeration = true)]
    public async Task WhatWouldBeMadeTwiceIsNotTriedAgain(Func<IPresenceClient, Task> call)
    {
        var server = new Server().IsAway(seconds: 0);

        var failed = await Assert.ThrowsAsync<PresenceException>(() => call(Some.Client(server)));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, PresenceErrorCode.StorageUnavailable), (failed.StatusCode, failed.Code));
        Assert.Single(server.Asked);
    }

    public static TheoryData<Func<IPresenceClient, Task>> MadeAgain => new(
        client => client.GetWebhooksAsync(),
        client => client.ChangeWebhookAsync("wh1", new() { Enabled = true }),
        client => client.ReplayWebhookAsync("wh1", "c1"),
        client => client.RemoveWebhookAsync("wh1"));

    [Theory, MemberData(nameof(MadeAgain), DisableDiscoveryEnumeration = true)]
    public async Task WhatHasTheSameEffectTwiceIs(Func<IPresenceClient, Task> call)
    {
        var server = new Server().IsAway(seconds: 0).Answers("{}");

        await call(Some.Client(server));

        Assert.Equal(2, server.Asked.Count);
    }
}
