using Azure.Core;
using Azure.Data.Tables;
using Presence.Benchmarks.Events;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using Presence.Core.Webhooks;
using Presence.Tests.Core.Webhooks;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>The webhooks in Table Storage, and what they cost in requests.</summary>
public sealed class WebhookStoreTests(AzuriteFixture azurite) : WebhookStoreContract(azurite)
{
    private static readonly TimeSpan Pause = TimeSpan.FromTicks(1);

    private readonly FaultyTransport _transport = new();
    private Instance? _instance;

    private Instance Instance => _instance ??= Create(o => o.AllowPrivateWebhooks = true, _transport);

    private protected override IWebhookStore Store => Instance.Get<IWebhookStore>();

    private WebhookDelivery Delivery => Instance.Get<WebhookDelivery>();

    [Fact]
    public async Task WithoutWebhooksARunCostsOneRequest()
    {
        await Store.ListAsync(Cancellation);

        Assert.Equal(1, await CostAsync(() => Delivery.RunAsync(Cancellation)));
    }

    [Fact]
    public async Task WithoutAFeedARunCostsNothing()
    {
        _instance = Create(o => o.EventRetention = TimeSpan.Zero, _transport);
        await Store.AddAsync(Hooks.Webhook(), Cancellation);

        Assert.Equal(0, await CostAsync(() => Delivery.RunAsync(Cancellation)));
    }

    [Fact]
    public async Task AMessageCostsTheListThePagesOfTheShardsAndOneWriteForEachWebhookAndOnesThatWaitNothing()
    {
        await using var receiver = await EndToEnd.Harness.WebhookReceiver.StartAsync();
        var subscriptions = Instance.Get<WebhookSubscriptions>();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await subscriptions.AddAsync(new(receiver.Url, null, WebhookFilter.Everything, After: null), Cancellation);
        }

        var waiting = (await subscriptions.AddAsync(new(new("https://hooks.example.com/"), null, WebhookFilter.Everything, After: null), Cancellation)).Webhook;
        await subscriptions.ChangeAsync(waiting.Id, w => w with { Health = w.Health with { NextAttemptAt = Start + TimeSpan.FromHours(1) } }, Cancellation);
        await Instance.ApplyAsync(Alice, new Activity(Start));
        Clock.Advance(Seconds(2));

        Assert.Equal(1 + 4 + 3, await CostAsync(() => Delivery.RunAsync(Cancellation)));
        Assert.Equal(3, receiver.Taken.Count);
        Assert.Equal(1 + 4, await CostAsync(() => Delivery.RunAsync(Cancellation)));
    }

    /// <summary>As with 250 events a second in 16 shards, and 15 s since the last run: what lies in the window is read once, and not for each message.</summary>
    [Fact]
    public async Task MessagesOfARunAreCutFromWhatWasReadOnce()
    {
        _instance = Create(o => (o.AllowPrivateWebhooks, o.ShardCount) = (true, 2), _transport);
        await using var receiver = await EndToEnd.Harness.WebhookReceiver.StartAsync();
        await Store.ListAsync(Cancellation);
        await Table.AddEventsAsync(Clock.GetUtcNow(), Pause, ofEach: 703, shards: 2, Cancellation);
        Clock.Advance(Seconds(2));
        await Instance.Get<WebhookSubscriptions>().AddAsync(new(receiver.Url, null, WebhookFilter.Everything, After: null), Cancellation);
        await Table.AddEventsAsync(Clock.GetUtcNow(), Pause, ofEach: 234, shards: 2, Cancellation);
        Clock.Advance(Seconds(2));

        Assert.Equal(1 + 2 + 5, await CostAsync(() => Delivery.RunAsync(Cancellation)));

        Assert.Equal(5, receiver.Taken.Count);
        Assert.Equal(2 * 234, receiver.EventIds.Distinct().Count());
        Assert.Equal(2 * 234, receiver.EventIds.Count);
        Assert.Equal(1 + 2, await CostAsync(() => Delivery.RunAsync(Cancellation)));
    }

    [Fact]
    public async Task OfABacklogFiveHundredEventsOfAShardAreReadAtOnce()
    {
        _instance = Create(o => (o.AllowPrivateWebhooks, o.ShardCount) = (true, 2), _transport);
        await using var receiver = await EndToEnd.Harness.WebhookReceiver.StartAsync();
        await Instance.Get<WebhookSubscriptions>().AddAsync(new(receiver.Url, null, WebhookFilter.Everything, After: null), Cancellation);
        await Table.AddEventsAsync(Clock.GetUtcNow() + Seconds(1), Pause, ofEach: 1_400, shards: 2, Cancellation);
        Clock.Advance(TimeSpan.FromMinutes(10));

        // Of each 500, and 500 again, and 400, and each time from when on all are there; the last message of what was read holds what is left of it.
        var requests = await CostAsync(() => Delivery.RunAsync(Cancellation));
        Assert.InRange(receiver.Taken.Count, 28, 28 + 3);
        Assert.Equal(1 + (3 * (2 + 1)) + receiver.Taken.Count, requests);
        Assert.Equal(2 * 1_400, receiver.EventIds.Distinct().Count());
        Assert.Equal(2 * 1_400, receiver.EventIds.Count);
    }

    [Fact]
    public async Task ARowWithOnePreviousSecretIsReadAsAnOlderVersionWroteIt()
    {
        var webhook = Hooks.Webhook() with { Secrets = new WebhookSecrets(WebhookSecrets.Make()).Exchanged(WebhookSecrets.Make(), Start) };
        await Store.AddAsync(webhook, Cancellation);
        var row = (await Table.GetEntityAsync<TableEntity>(TableKeys.MetaPartition, TableKeys.Webhook(webhook.Id), cancellationToken: Cancellation)).Value;

        Assert.Equal(webhook.Secrets.Previous[0].Secret.ToArray(), row.GetBinary("PreviousSecret"));
        Assert.Equal(webhook.Secrets.PreviousUntil, row.GetDateTimeOffset("PreviousUntil"));
        Assert.DoesNotContain(row.Keys, key => key.StartsWith("Oldest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARowThatCannotBeReadHoldsNoOther()
    {
        await Store.AddAsync(Hooks.Webhook(), Cancellation);
        await Table.AddEntityAsync(new TableEntity(TableKeys.MetaPartition, TableKeys.Webhook(Webhook.NewId())) { ["Url"] = "no url" }, Cancellation);

        Assert.Single(await Store.ListAsync(Cancellation));
    }

    [Fact]
    public async Task WhatANewerVersionHasWrittenIsRead()
    {
        var webhook = Hooks.Webhook();
        await Store.AddAsync(webhook, Cancellation);
        var row = (await Table.GetEntityAsync<TableEntity>(TableKeys.MetaPartition, TableKeys.Webhook(webhook.Id), cancellationToken: Cancellation)).Value;
        row["Kinds"] = "Status|OfTomorrow";
        row["End"] = "OfTomorrow";
        row["EndedAt"] = Start;
        row["More"] = 1;
        await Table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation);

        var read = Assert.Single(await Store.ListAsync(Cancellation)).Webhook;

        Assert.Equal([UserEventKind.Status], read.Filter.Kinds!.Value);
        Assert.False(read.Health.IsEnabled);
    }

    [Fact]
    public async Task ThatTheAnswerToAWriteWasLostIsTakenForAChangeOfSomebodyElse()
    {
        await Store.AddAsync(Hooks.Webhook(), Cancellation);
        var read = Assert.Single(await Store.ListAsync(Cancellation));
        var isLost = false;
        _transport.OnResponse = (request, _) =>
        {
            if (request.Method != RequestMethod.Get && !isLost)
            {
                isLost = true;
                throw FaultyTransport.Lost();
            }
        };

        var kept = await Store.TryReplaceAsync(read, read.Webhook with { Cursor = "moved" }, Cancellation);

        Assert.Null(kept);
        Assert.Equal("moved", Assert.Single(await Store.ListAsync(Cancellation)).Webhook.Cursor);
    }

    [Fact]
    public async Task WhatIsOutOfReachIsToldAsSuch()
    {
        await Store.ListAsync(Cancellation);
        _transport.OnRequest = _ => throw FaultyTransport.Lost();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.ListAsync(Cancellation));
    }

    private async Task<int> CostAsync(Func<Task> call)
    {
        _transport.Requests.Clear();
        await call();
        return _transport.Requests.Count;
    }
}
