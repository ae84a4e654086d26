using Microsoft.Extensions.Time.Testing;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Ports;
using Presence.Core.Webhooks;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Webhooks;

public sealed class WebhookSubscriptionsTests
{
    private readonly FakeTimeProvider _clock = Clock();
    private readonly InMemoryWebhooks _store = new();
    private readonly FakeReceivers _receivers = new();
    private readonly WebhookSubscriptions _webhooks;

    public WebhookSubscriptionsTests() => _webhooks = Create(_store);

    private WebhookSubscriptions Create(IWebhookStore store)
    {
        var feed = new EventFeed(new FakeEvents(), Microsoft.Extensions.Options.Options.Create(Settings()), _clock);
        return new(store, feed, Hooks.EventGrid(store, feed, _clock), _receivers, _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneIsMadeWithASecretOfItsOwnAndBeginsNow()
    {
        var (webhook, secret) = await AddAsync();
        var (_, other) = await AddAsync();

        Assert.True(Webhook.IsId(webhook.Id));
        Assert.NotEqual(secret, other);
        Assert.Equal(WebhookSecrets.Write(webhook.Secrets.Current), secret);
        Assert.NotNull(webhook.Cursor);
        Assert.Equal(webhook, await _webhooks.FindAsync(webhook.Id, Cancellation));
        Assert.Equal(2, (await _webhooks.ListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task ThereAreFiftyAtMost()
    {
        foreach (var _ in Enumerable.Range(0, 50))
        {
            await AddAsync();
        }

        var refusal = await Assert.ThrowsAsync<InvalidInputException>(AddAsync);

        Assert.Contains("50", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(50, (await _webhooks.ListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task AChangeIsMadeToWhatIsThereByThen()
    {
        var (webhook, _) = await AddAsync();
        var isFirst = true;
        _store.OnReplace = () =>
        {
            if (isFirst)
            {
                isFirst = false;
                _store.Change(webhook.Id, before => before with { Cursor = "moved" });
            }
        };

        var changed = await _webhooks.ChangeAsync(webhook.Id, before => before with { Description = "mine" }, Cancellation);

        Assert.Equal(("moved", "mine"), (changed!.Cursor, changed.Description));
    }

    [Fact]
    public async Task AChangeThatWasMadeAlreadyIsNotWritten()
    {
        var (webhook, _) = await AddAsync();

        await _webhooks.ChangeAsync(webhook.Id, before => WebhookSubscriptions.Enabled(before, isEnabled: true, Start), Cancellation);
        await _webhooks.ChangeAsync(webhook.Id, before => WebhookSubscriptions.Redirected(before, before.Url), Cancellation);

        Assert.Equal(0, _store.Replaced);
    }

    [Fact]
    public async Task AnExchangeWhoseAnswerWasLostExchangesOnce()
    {
        var (webhook, _) = await AddAsync();
        var isFirst = true;
        var lossy = new LossyWebhooks(_store, () => isFirst && !(isFirst = false));
        var webhooks = Create(lossy);

        var (exchanged, secret) = (await webhooks.ExchangeSecretAsync(webhook.Id, Cancellation))!.Value;

        Assert.Equal(secret, WebhookSecrets.Write(exchanged.Secrets.Current));
        Assert.Equal(webhook.Secrets.Current, Assert.Single(exchanged.Secrets.Previous).Secret);
    }

    [Fact]
    public async Task AnotherUrlIsTriedAtOnce()
    {
        var (webhook, _) = await AddAsync();
        await _webhooks.ChangeAsync(
            webhook.Id, before => before with { Health = before.Health with { FailedAttempts = 4, FailingSince = Start, NextAttemptAt = Start + TimeSpan.FromHours(2) } }, Cancellation);

        var changed = await _webhooks.ChangeAsync(webhook.Id, before => WebhookSubscriptions.Redirected(before, new("https://other.example.com/")), Cancellation);

        Assert.Equal((0, null, null), (changed!.Health.FailedAttempts, changed.Health.FailingSince, changed.Health.NextAttemptAt));
    }

    [Fact]
    public async Task ATestIsAMessageWithoutEventsAndLeavesNoTrace()
    {
        var (webhook, _) = await AddAsync();
        _receivers.Answer = _ => Task.FromResult(WebhookAttempt.Answered(503));

        var attempt = await _webhooks.TestAsync(webhook.Id, Cancellation);

        Assert.Equal(503, attempt!.Value.Status);
        Assert.Empty(Assert.Single(_receivers.Received).Events);
        Assert.Equal(webhook, _store[webhook.Id]);
    }

    [Fact]
    public async Task WhoIsErasedIsTakenOutOfAllFilters()
    {
        var (both, alone, none) = (await AddAsync(new(Users: [Alice, Bob])), await AddAsync(new(Users: [Alice])), await AddAsync(new(Conversations: ["a"])));

        await new WebhookFilters(_store).ForgetAsync(Alice, Cancellation);

        Assert.Equal([Bob], _store[both.Id].Filter.Users!.Value);
        Assert.Empty(_store[alone.Id].Filter.Users!.Value);
        Assert.Equal(none, _store[none.Id]);
        Assert.Equal(2, _store.Replaced);
    }

    [Fact]
    public async Task WhatIsNotThereIsNull()
    {
        var id = Webhook.NewId();

        Assert.Null(await _webhooks.FindAsync(id, Cancellation));
        Assert.Null(await _webhooks.ChangeAsync(id, before => before, Cancellation));
        Assert.Null(await _webhooks.ExchangeSecretAsync(id, Cancellation));
        Assert.Null(await _webhooks.TestAsync(id, Cancellation));
        Assert.False(await _webhooks.RemoveAsync(id, Cancellation));
    }

    private Task<(Webhook Webhook, string Secret)> AddAsync() => _webhooks.AddAsync(new(new("https://hooks.example.com/"), null, WebhookFilter.Everything, After: null), Cancellation);

    private async Task<Webhook> AddAsync(WebhookFilter filter) =>
        (await _webhooks.AddAsync(new(new("https://hooks.example.com/"), null, filter, After: null), Cancellation)).Webhook;

    /// <summary>Replaces, but says at times that it has not.</summary>
    private sealed class LossyWebhooks(IWebhookStore store, Func<bool> isLost) : IWebhookStore
    {
        public Task<IReadOnlyList<StoredWebhook>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

        public Task<StoredWebhook?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

        public Task AddAsync(Webhook webhook, CancellationToken cancellationToken) => store.AddAsync(webhook, cancellationToken);

        public async Task<StoredWebhook?> TryReplaceAsync(StoredWebhook before, Webhook after, CancellationToken cancellationToken) =>
            await store.TryReplaceAsync(before, after, cancellationToken) is { } kept && !isLost() ? kept : null;

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => store.RemoveAsync(id, cancellationToken);
    }
}
