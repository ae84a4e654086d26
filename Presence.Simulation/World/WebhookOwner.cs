using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Webhooks;
using Presence.Simulation.Instances;
using Presence.Simulation.Operations;
using Presence.Simulation.Receivers;

namespace Presence.Simulation.World;

/// <summary>
/// The application's backend, as far as it looks after its webhooks, by any instance: now and then it disables one, has one sent its events again, or
/// sends them elsewhere; and it enables those that are disabled. In the end it moves those that have failed so often that the next attempt comes only after
/// the end: that makes them due at once.
/// </summary>
internal sealed class WebhookOwner(Surroundings world, Calls calls)
{
    private readonly Dictionary<string, string?> _cursors = new(StringComparer.Ordinal);
    private int _moves;

    /// <summary>Goes on for ever.</summary>
    public async Task TendAsync()
    {
        while (true)
        {
            await world.Time.DelayAsync(world.TroubleEndedAt is null ? world.Chance.Span(1, 30) : TimeSpan.FromSeconds(10));
            await (world.TroubleEndedAt is null && world.Chance.Hit(0.4) ? (Task)ChangeAsync() : LookAsync());
        }
    }

    /// <summary>Whether the answer is good it does not mind: it looks again.</summary>
    private Task<Operation> ChangeAsync()
    {
        var id = world.Chance.Pick(world.Receivers.All).Id;
        return world.Chance.Next(4) switch
        {
            0 => DoAsync(instance => instance.Subscriptions.ReplayAsync(id, null, CancellationToken.None)),
            1 => DoAsync(instance => instance.Subscriptions.ReplayAsync(id, CursorOf(id), CancellationToken.None)),
            2 => EnableAsync(id, isEnabled: false),
            _ => MoveAsync(id),
        };
    }

    /// <summary>What it finds disabled it enables. A cursor that it finds it keeps, to replay from there some day.</summary>
    private async Task LookAsync()
    {
        IReadOnlyList<Webhook> webhooks = [];
        await DoAsync(async instance => webhooks = await instance.Subscriptions.ListAsync(CancellationToken.None));
        foreach (var webhook in webhooks)
        {
            if (!_cursors.ContainsKey(webhook.Id) || world.Chance.Hit(0.3))
            {
                _cursors[webhook.Id] = webhook.Cursor;
            }

            if (!webhook.Health.IsEnabled)
            {
                await EnableAsync(webhook.Id, isEnabled: true);
            }
            else if (world.TroubleEndedAt is not null && MayWaitLong(webhook.Health) && webhook.Health.NextAttemptAt > world.Settings.LastRetry)
            {
                await MoveAsync(webhook.Id);
            }
        }
    }

    /// <summary>After one failure the next attempt is soon, unless the receiver wished otherwise.</summary>
    private static bool MayWaitLong(WebhookHealth health) => health.FailedAttempts > 1 || health.LastStatus == ReceiverList.Unavailable;

    private Task<Operation> EnableAsync(string id, bool isEnabled) => DoAsync(instance => instance.Subscriptions.ChangeAsync(
        id, webhook => WebhookSubscriptions.Enabled(webhook, isEnabled, instance.Life.Clock.GetUtcNow()), CancellationToken.None));

    private Task<Operation> MoveAsync(string id)
    {
        var url = new Uri($"https://{id}.example/{++_moves}");
        return DoAsync(instance => instance.Subscriptions.ChangeAsync(id, webhook => WebhookSubscriptions.Redirected(webhook, url), CancellationToken.None));
    }

    private EventCursor? CursorOf(string id) => _cursors.GetValueOrDefault(id) is { } cursor ? EventCursor.Parse(cursor) : null;

    private Task<Operation> DoAsync(Func<Instance, Task> work) => calls.MakeAsync(OperationKind.TendWebhooks, null, null, (instance, _) => work(instance));
}
