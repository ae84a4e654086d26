using Azure;
using Azure.Data.Tables;
using Presence.Core.Domain;
using Presence.Core.Ports;
using Presence.Core.TableStorage;
using Presence.Simulation.Receivers;
using Presence.Simulation.Services;
using Presence.Simulation.Time;
using Operation = Presence.Simulation.Operations.Operation;

namespace Presence.Simulation.Storage;

/// <summary>
/// The webhooks in the simulated table, asked request by request as the real store asks, and with the real one's keys and rows. There are those with
/// which a schedule begins.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="wire">The way there.</param>
/// <param name="kept">Told of each as it is kept, and when whoever does that has read the list of them; null where it has not.</param>
internal sealed class WebhookStore(Table table, Wire wire, Action<Webhook, TimeSpan?> kept) : IWebhookStore
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private readonly Dictionary<Operation, TimeSpan> _listedAt = [];

    /// <summary>Has a webhook for each receiver, which has been told nothing yet.</summary>
    public static void Place(Table table, IEnumerable<Receiver> receivers)
    {
        foreach (var receiver in receivers)
        {
            var row = WebhookRows.ToEntity(new()
            {
                Id = receiver.Id,
                Url = new($"https://{receiver.Id}.example/"),
                Filter = receiver.Filter,
                Secrets = new([.. new byte[WebhookSecrets.Length]]),
                MovedAt = VirtualTime.Start,
                CreatedAt = VirtualTime.Start,
            });
            table.TrySubmit(row.PartitionKey, [new(TableTransactionActionType.Add, row)]);
        }
    }

    public Task<IReadOnlyList<StoredWebhook>> ListAsync(CancellationToken cancellationToken) => wire.CallAsync<IReadOnlyList<StoredWebhook>>(
        "webhooks",
        Patient,
        List,
        null,
        cancellationToken);

    public Task<StoredWebhook?> FindAsync(string id, CancellationToken cancellationToken) => wire.CallAsync(
        $"webhook {id}", Prompt, () => Row(id) is { } row ? ToStored(row) : null, null, cancellationToken);

    public Task<StoredWebhook?> TryReplaceAsync(StoredWebhook before, Webhook after, CancellationToken cancellationToken) => wire.CallAsync(
        $"keep {after.Id}", Prompt, () => Replace(before, after), () => null, cancellationToken);

    public Task AddAsync(Webhook webhook, CancellationToken cancellationToken) => throw NotHere();

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => throw NotHere();

    private List<StoredWebhook> List()
    {
        _listedAt[Operation.Current!] = wire.Now;
        return [.. table.Query(TableKeys.MetaPartition, TableKeys.WebhookPrefix).Select(ToStored)];
    }

    private StoredWebhook? Replace(StoredWebhook before, Webhook after)
    {
        var row = WebhookRows.ToEntity(after);
        if (table.TrySubmit(row.PartitionKey, [new(TableTransactionActionType.UpdateReplace, row, new ETag(before.Tag))]) is not null)
        {
            return null;
        }

        kept(after, _listedAt.TryGetValue(Operation.Current!, out var at) ? at : null);
        return new(after, Row(after.Id)!.ETag.ToString());
    }

    private TableEntity? Row(string id) => table.Find(TableKeys.MetaPartition, TableKeys.Webhook(id));

    private static StoredWebhook ToStored(TableEntity row) => new(WebhookRows.ToWebhook(row), row.ETag.ToString());

    private static NotSupportedException NotHere() => new("No webhook comes or goes here.");
}
