using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Presence.Core.Options;
using Presence.Tests.EndToEnd.Harness;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace Presence.Tests.EndToEnd;

public class WebhookTests
{
    private static readonly string[] StatusAndErased = ["presence.status", "presence.erased"];

    private static readonly (string, string) OnThisMachine = (nameof(PresenceOptions.AllowPrivateWebhooks), "true");

    [Fact]
    public async Task EventsComeSignedAsTheFeedTellsThem()
    {
        await using var system = await OwnAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var latest = (await system.Backend.GetAsync("api/events?after=latest")).Text("cursor");
        var (_, secret) = await AddAsync(system, receiver);
        var alice = system.NewUser("alice");

        await alice.ActAsync();
        await alice.SignOutAsync();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(receiver.StatusesOf(alice).Count >= 2), "both changes have come");
        Assert.Equal(["online", "offline"], receiver.StatusesOf(alice));
        Assert.All(receiver.Received, message => Assert.True(IsGenuine(secret, message)));
        Assert.All(receiver.Received, message => Assert.StartsWith("application/cloudevents-batch+json", message.Headers["Content-Type"], StringComparison.Ordinal));
        Assert.All(receiver.Received, message => Assert.DoesNotContain("traceparent", message.Headers.Keys));
        var feed = (await system.Backend.GetAsync($"api/events?after={latest}")).Data.GetProperty("events").EnumerateArray().ToDictionary(one => one.GetProperty("id").GetString()!);
        Assert.All(receiver.Received.SelectMany(message => message.Events), one => Assert.Equal(feed[one.GetProperty("id").GetString()!].GetRawText(), one.GetRawText()));
    }

    [Fact]
    public async Task WhileASecretIsExchangedAMessageIsGoodUnderBoth()
    {
        await using var system = await OwnAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, before) = await AddAsync(system, receiver);

        var exchanged = (await system.Backend.PostAsync($"{webhook}/secrets")).Data;
        var after = exchanged.GetProperty("secret").GetString()!;
        Assert.True((await system.Backend.PostAsync($"{webhook}/test")).Data.GetProperty("delivered").GetBoolean());

        var message = Assert.Single(receiver.Received);
        Assert.Empty(message.Events);
        Assert.True(IsGenuine(before, message));
        Assert.True(IsGenuine(after, message));
        Assert.False(IsGenuine($"whsec_{Convert.ToBase64String(new byte[32])}", message));
        Assert.False(IsGenuine(after, message with { Body = "[{}]" }));
        Assert.NotEqual(JsonValueKind.Null, exchanged.GetProperty("webhook").GetProperty("previousSecretUntil").ValueKind);
        foreach (var shown in new[] { await system.Backend.GetAsync("api/webhooks"), await system.Backend.GetAsync(webhook), await system.Backend.SendAsync(HttpMethod.Patch, webhook) })
        {
            Assert.DoesNotContain("whsec_", shown.MustBeOk().Body, StringComparison.Ordinal);
            Assert.DoesNotContain(after["whsec_".Length..], shown.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SlowFailingAndRedirectingReceiversHoldNoOther()
    {
        await using var system = await OwnAsync();
        await using var good = await WebhookReceiver.StartAsync();
        await using var slow = await WebhookReceiver.StartAsync();
        await using var failing = await WebhookReceiver.StartAsync();
        await using var redirecting = await WebhookReceiver.StartAsync();
        await using var breaking = await WebhookReceiver.StartAsync();
        slow.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        failing.Answer = context => AnswerAsync(context, HttpStatusCode.InternalServerError);
        redirecting.Answer = context =>
        {
            context.Response.Headers.Location = good.Url.AbsoluteUri;
            return AnswerAsync(context, HttpStatusCode.TemporaryRedirect);
        };
        breaking.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        var hooks = new List<string>();
        foreach (var receiver in new[] { slow, failing, redirecting, breaking, good })
        {
            hooks.Add((await AddAsync(system, receiver)).Webhook);
        }

        var alice = system.NewUser("alice");
        await alice.ActAsync();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(good.StatusesOf(alice).Contains("online")), "the good one has it");
        Assert.Single(good.Received.Select(message => message.Id).Distinct());
        await Eventually.BecomesTrueAsync(
            async () => (await Task.WhenAll(hooks[..4].Select(hook => LastFailureAsync(system, hook)))).All(failure => failure is not null), "each of the others is known to have failed");
        Assert.Equal(["timedOut", "status", "redirect", "noAnswer", null], await Task.WhenAll(hooks.Select(hook => LastFailureAsync(system, hook))));
        var health = (await system.Backend.GetAsync(hooks[1])).Data.GetProperty("health");
        Assert.Equal(500, health.GetProperty("lastStatus").GetInt32());
        Assert.True(health.GetProperty("failedAttempts").GetInt32() >= 1);
        Assert.NotEqual(JsonValueKind.Null, health.GetProperty("nextAttemptAt").ValueKind);
    }

    [Fact]
    public async Task WhatAReceiverDidNotTakeComesAgainAndNothingIsLost()
    {
        await using var system = await OwnAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var attempts = 0;
        receiver.Answer = context =>
        {
            // Of the first it cannot be known whether it was taken.
            if (Interlocked.Increment(ref attempts) == 1)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        };
        await AddAsync(system, receiver);
        var alice = system.NewUser("alice");

        await alice.ActAsync();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(attempts >= 2), "it is sent again");
        var received = receiver.Received.ToList();
        Assert.Equal(received[0].Events.Select(Id), received[1].Events.Select(Id).Take(received[0].Events.Count));
    }

    [Fact]
    public async Task OneThatIsGoneIsDisabledAndGoesOnOnceEnabledElsewhere()
    {
        await using var system = await OwnAsync();
        await using var gone = await WebhookReceiver.StartAsync();
        await using var next = await WebhookReceiver.StartAsync();
        gone.Answer = context => AnswerAsync(context, HttpStatusCode.Gone);
        var (webhook, _) = await AddAsync(system, gone);
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await Eventually.BecomesTrueAsync(
            async () => !(await system.Backend.GetAsync(webhook)).Data.GetProperty("enabled").GetBoolean(), "it is disabled");

        Assert.Equal("gone", (await system.Backend.GetAsync(webhook)).Data.GetProperty("health").GetProperty("disabledReason").GetString());
        Assert.Contains("presence_webhook_disabled", (await system.Backend.GetAsync("metrics")).Body, StringComparison.Ordinal);
        await system.Backend.SendAsync(HttpMethod.Patch, webhook, Json($$"""{"url":"{{next.Url}}","enabled":true}"""));

        await Eventually.BecomesTrueAsync(() => Task.FromResult(next.StatusesOf(alice).Contains("online")), "what it was owed goes elsewhere");
        Assert.Single(gone.Received);
    }

    [Fact]
    public async Task TwoInstancesAtOnceLoseNothing()
    {
        await using var instances = await Instances.StartAsync(2, settings: OnThisMachine);
        await using var receiver = await WebhookReceiver.StartAsync();
        await AddAsync(instances.First, receiver);
        var users = Enumerable.Range(0, 20).Select(i => instances.Everywhere($"user-{i}")).ToList();

        foreach (var user in users)
        {
            await user[0].ActAsync();
            await user[1].SignOutAsync();
        }

        await Eventually.BecomesTrueAsync(() => Task.FromResult(users.All(user => receiver.StatusesOf(user[0]).Contains("offline"))), "all changes have come");
        Assert.All(users, user => Assert.Equal(["online", "offline"], receiver.StatusesOf(user[0]).Distinct()));

        // What came twice was the same.
        Assert.All(receiver.Received.GroupBy(message => message.Id), same => Assert.Single(same.Select(message => message.Body).Distinct()));
    }

    [Fact]
    public async Task AFilterLetsThroughWhatItNamesAndEveryErasure()
    {
        await using var system = await OwnAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (alice, bob, conversation) = (system.NewUser("alice"), system.NewUser("bob"), Some.Conversation());
        await system.JoinAsync(conversation, alice);
        var (webhook, _) = await AddAsync(system, receiver, new { types = StatusAndErased, conversations = new[] { conversation }, users = new[] { alice.Id, "other" } });

        await bob.ActAsync();
        await alice.ActAsync();
        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{bob.Id}")).MustBeOk();
        (await system.Backend.SendAsync(HttpMethod.Delete, $"maintenance/users/{alice.Id}")).MustBeOk();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(TypesOf(alice).Contains("presence.erased") && TypesOf(bob).Contains("presence.erased")), "both erasures have come");
        Assert.Equal(["presence.erased"], TypesOf(bob));
        var kept = (await system.Backend.GetAsync(webhook)).MustBeOk();
        Assert.DoesNotContain(alice.Id, kept.Body, StringComparison.Ordinal);
        Assert.Contains("other", kept.Body, StringComparison.Ordinal);

        IReadOnlyList<string> TypesOf(User user) =>
            [.. receiver.Received.SelectMany(message => message.Events).Where(one => one.GetProperty("subject").GetString() == user.Id).Select(one => one.GetProperty("type").GetString()!)];
    }

    [Fact]
    public async Task EverythingIsReplayedFromACursorUnderTheSameIds()
    {
        await using var system = await OwnAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (webhook, _) = await AddAsync(system, receiver);
        var before = (await system.Backend.GetAsync(webhook)).Text("cursor");
        var alice = system.NewUser("alice");
        await alice.ActAsync();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(receiver.EventIds.Count > 0), "it has come");
        var first = receiver.EventIds.Distinct().ToList();
        var count = receiver.Taken.Count;

        (await system.Backend.PostAsync($"{webhook}/replay", new { after = before })).MustBeOk();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(receiver.Taken.Count > count), "it comes again");
        Assert.Equal(first, receiver.Taken.Skip(count).SelectMany(message => message.Events).Select(Id).Distinct());
    }

    [Fact]
    public async Task WithoutTheSettingNothingOfThisMachineIsReached()
    {
        await using var system = await Target.OwnAsync();
        await using var receiver = await WebhookReceiver.StartAsync();

        (await system.Backend.PostAsync("api/webhooks", new { url = receiver.Url })).MustRefuse("url");
        (await system.Backend.PostAsync("api/webhooks", new { url = $"https://localhost:{receiver.Url.Port}/" })).MustRefuse("url");
        (await system.Backend.PostAsync("api/webhooks", new { url = "https://169.254.169.254/metadata/identity/oauth2/token" })).MustRefuse("url");
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task TheFiftyFirstIsRefused()
    {
        await using var system = await Target.OwnAsync(null, ("WebhookSchedule", "0 0 0 1 1 *"));
        for (var i = 0; i < 50; i++)
        {
            (await system.Backend.PostAsync("api/webhooks", new { url = "https://nobody.invalid/" })).MustBeOk();
        }

        (await system.Backend.PostAsync("api/webhooks", new { url = "https://nobody.invalid/" })).MustRefuse("50");
        Assert.Equal(50, (await system.Backend.GetAsync("api/webhooks")).Data.GetProperty("webhooks").GetArrayLength());
    }

    [Fact]
    public async Task WithoutAFeedThereAreNoWebhooks()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.EventRetention), "00:00:00"));

        (await system.Backend.PostAsync("api/webhooks", new { url = "https://nobody.invalid/" })).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(0, (await system.Backend.GetAsync("api/webhooks")).Data.GetProperty("webhooks").GetArrayLength());
    }

    private static Task<PresenceSystem> OwnAsync() => Target.OwnAsync(null, OnThisMachine);

    private static async Task<(string Webhook, string Secret)> AddAsync(PresenceSystem system, WebhookReceiver receiver, object? filter = null)
    {
        var made = (await system.Backend.PostAsync("api/webhooks", new { url = receiver.Url, filter })).Data;
        return ($"api/webhooks/{made.GetProperty("webhook").GetProperty("webhookId").GetString()}", made.GetProperty("secret").GetString()!);
    }

    private static async Task<string?> LastFailureAsync(PresenceSystem system, string webhook) =>
        (await system.Backend.GetAsync(webhook)).Data.GetProperty("health").GetProperty("lastFailure").GetString();

    private static string Id(JsonElement one) => one.GetProperty("id").GetString()!;

    private static Task AnswerAsync(HttpContext context, HttpStatusCode status)
    {
        context.Response.StatusCode = (int)status;
        return Task.CompletedTask;
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    /// <summary>As an application does, by the public library, which passes the last of several signatures by: each is tried for itself.</summary>
    private static bool IsGenuine(string secret, ReceivedMessage message) => message.Headers["webhook-signature"].Split(' ').Any(signature =>
    {
        var headers = new HeaderDictionary(message.Headers.ToDictionary(h => h.Key, h => new StringValues(h.Value))) { ["webhook-signature"] = signature };
        try
        {
            new StandardWebhook(secret).Verify(message.Body, headers);
            return true;
        }
        catch (WebhookVerificationException)
        {
            return false;
        }
    });
}
