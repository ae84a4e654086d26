using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Tests.Core.Webhooks;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.TableStorage;

/// <summary>What every store of webhooks does.</summary>
public abstract class WebhookStoreContract(AzuriteFixture azurite) : TableTests(azurite)
{
    private protected abstract IWebhookStore Store { get; }

    [Fact]
    public async Task WhatIsKeptIsFoundAsItWas()
    {
        var plain = Hooks.Webhook();
        var full = Hooks.Webhook(new("https://hooks.example.com:8443/a?b=c")) with
        {
            Description = "för \"alla\"",
            Filter = new([UserEventKind.Status, UserEventKind.Erased], ["a", "b:c"], [Alice, Guest, PresenceKey.Registered("a|b/c'%!ä")]),
            Secrets = new WebhookSecrets(WebhookSecrets.Make()).Exchanged(WebhookSecrets.Make(), Start).Exchanged(WebhookSecrets.Make(), Start + Seconds(1)),
            Cursor = "cursor",
            Health = new()
            {
                FailedAttempts = 3, FailingSince = Start, NextAttemptAt = Start + Seconds(5), LastAttemptAt = Start + Seconds(1), LastStatus = 500,
                LastFailure = WebhookFailure.Status, LastDeliveredAt = Start - Seconds(1), SkippedAt = Start - Seconds(2), EndedAt = Start + Seconds(3), End = WebhookEnd.Gone,
            },
        };

        foreach (var webhook in new[] { plain, full })
        {
            await Store.AddAsync(webhook, Cancellation);
            AssertSame(webhook, (await Store.FindAsync(webhook.Id, Cancellation))!.Webhook);
        }
    }

    [Fact]
    public async Task APartOfAFilterThatNamesNothingIsNotOneThatIsNotThere()
    {
        var webhook = Hooks.Webhook() with { Filter = new([], [], []) };
        await Store.AddAsync(webhook, Cancellation);

        AssertSame(webhook, (await Store.FindAsync(webhook.Id, Cancellation))!.Webhook);
    }

    [Fact]
    public async Task AllAreListedByTheirIds()
    {
        Assert.Empty(await Store.ListAsync(Cancellation));
        Webhook[] some = [.. Enumerable.Range(0, 5).Select(_ => Hooks.Webhook())];
        foreach (var webhook in some)
        {
            await Store.AddAsync(webhook, Cancellation);
        }

        Assert.Equal(some.Select(w => w.Id).Order(StringComparer.Ordinal), (await Store.ListAsync(Cancellation)).Select(stored => stored.Webhook.Id));
    }

    [Fact]
    public async Task OneThatIsThereIsNotMadeAnew()
    {
        var webhook = Hooks.Webhook();
        await Store.AddAsync(webhook, Cancellation);

        await Store.AddAsync(webhook with { Description = "another" }, Cancellation);

        Assert.Null((await Store.FindAsync(webhook.Id, Cancellation))!.Webhook.Description);
    }

    [Fact]
    public async Task OfTwoWhoReplaceItOneDoes()
    {
        await Store.AddAsync(Hooks.Webhook(), Cancellation);
        var read = Assert.Single(await Store.ListAsync(Cancellation));

        var first = await Store.TryReplaceAsync(read, read.Webhook with { Description = "first" }, Cancellation);
        Assert.Null(await Store.TryReplaceAsync(read, read.Webhook with { Description = "second" }, Cancellation));
        var third = await Store.TryReplaceAsync(first!, first!.Webhook with { Cursor = "third" }, Cancellation);

        Assert.Equal(("first", "third"), (third!.Webhook.Description, third.Webhook.Cursor));
        AssertSame(third.Webhook, (await Store.FindAsync(read.Webhook.Id, Cancellation))!.Webhook);
    }

    [Fact]
    public async Task OneThatIsGoneIsNeitherFoundNorReplacedNorRemovedAgain()
    {
        await Store.AddAsync(Hooks.Webhook(), Cancellation);
        var read = Assert.Single(await Store.ListAsync(Cancellation));

        Assert.True(await Store.RemoveAsync(read.Webhook.Id, Cancellation));

        Assert.False(await Store.RemoveAsync(read.Webhook.Id, Cancellation));
        Assert.Null(await Store.FindAsync(read.Webhook.Id, Cancellation));
        Assert.Null(await Store.TryReplaceAsync(read, read.Webhook, Cancellation));
        Assert.Empty(await Store.ListAsync(Cancellation));
    }

    /// <summary>Arrays are equal by what they hold, which records do not look at.</summary>
    private static void AssertSame(Webhook expected, Webhook actual)
    {
        Assert.Equal(expected, actual with { Filter = expected.Filter, Secrets = expected.Secrets });
        Assert.Equal(expected.Filter.Kinds?.ToArray(), actual.Filter.Kinds?.ToArray());
        Assert.Equal(expected.Filter.Conversations?.ToArray(), actual.Filter.Conversations?.ToArray());
        Assert.Equal(expected.Filter.Users?.ToArray(), actual.Filter.Users?.ToArray());
        Assert.Equal(expected.Secrets.Current.ToArray(), actual.Secrets.Current.ToArray());
        Assert.Equal(expected.Secrets.Previous.Select(one => one.Secret.ToArray()), actual.Secrets.Previous.Select(one => one.Secret.ToArray()));
        Assert.Equal(expected.Secrets.Previous.Select(one => one.Until), actual.Secrets.Previous.Select(one => one.Until));
    }
}

public sealed class InMemoryWebhookStoreTests(AzuriteFixture azurite) : WebhookStoreContract(azurite)
{
    private protected override IWebhookStore Store { get; } = new InMemoryWebhooks();
}
