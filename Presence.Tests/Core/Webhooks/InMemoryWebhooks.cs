using System.Globalization;
using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core.Webhooks;

/// <summary>Webhooks in memory.</summary>
internal sealed class InMemoryWebhooks : IWebhookStore
{
    private readonly SortedDictionary<string, StoredWebhook> _all = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _tag;

    /// <summary>Called before a webhook is replaced.</summary>
    public Action? OnReplace { get; set; }

    /// <summary>How often one was replaced.</summary>
    public int Replaced { get; private set; }

    public Webhook this[string id] => _all[id].Webhook;

    /// <summary>Somebody else changes one.</summary>
    public void Change(string id, Func<Webhook, Webhook> change)
    {
        lock (_lock)
        {
            _all[id] = new(change(_all[id].Webhook), NextTag());
        }
    }

    public Task<IReadOnlyList<StoredWebhook>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredWebhook>>([.. _all.Values]);
        }
    }

    public Task<StoredWebhook?> FindAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_all.GetValueOrDefault(id));
        }
    }

    public Task AddAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _all.TryAdd(webhook.Id, new(webhook, NextTag()));
            return Task.CompletedTask;
        }
    }

    public Task<StoredWebhook?> TryReplaceAsync(StoredWebhook before, Webhook after, CancellationToken cancellationToken)
    {
        OnReplace?.Invoke();
        lock (_lock)
        {
            if (!_all.TryGetValue(before.Webhook.Id, out var now) || now.Tag != before.Tag)
            {
                return Task.FromResult<StoredWebhook?>(null);
            }

            Replaced++;
            return Task.FromResult<StoredWebhook?>(_all[after.Id] = new(after, NextTag()));
        }
    }

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_all.Remove(id));
        }
    }

    private string NextTag() => (++_tag).ToString(CultureInfo.InvariantCulture);
}
