using Presence.Core.Domain;
using Presence.Core.Webhooks;
using Presence.Simulation.Operations;
using Presence.Simulation.Time;
using Presence.Simulation.Traces;

namespace Presence.Simulation.Receivers;

/// <summary>All receivers, and what they answer. That a message does not arrive, or its answer does not, is the way's doing.</summary>
internal sealed class ReceiverList(IReadOnlyList<Receiver> all, VirtualTime time, Chance chance, Trace trace)
{
    /// <summary>How long one that refuses wishes to be left alone.</summary>
    private static readonly TimeSpan?[] Waits = [null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)];

    /// <summary>The answer of a receiver that refuses, and may say for how long.</summary>
    public const int Unavailable = 503;

    public IReadOnlyList<Receiver> All => all;

    /// <summary>The share of messages that are refused.</summary>
    public double Refused { get; set; }

    /// <summary>The share of messages that are answered 410: the receiver wants no more of them.</summary>
    public double Gone { get; set; }

    /// <summary>Raised when a message has come and is dealt with.</summary>
    public event Action<Received>? Got;

    /// <summary>Raised when a webhook is kept: that of which receiver, on behalf of which operation, and when that has read the list of them.</summary>
    public event Action<Receiver, Operation, TimeSpan?>? Kept;

    /// <summary>A message comes.</summary>
    public WebhookAttempt Take(Receiver receiver, WebhookMessage message)
    {
        if (Refusal() is { } refused)
        {
            trace.Say(receiver.Id, $"refuses with {refused.Status ?? 0}");
            return refused;
        }

        var received = Received.Of(receiver, message);
        trace.Say(receiver.Id, $"is told {received.Events.Select(told => $"{told.Type} {told.Id}")} by {received.By.Name}");
        Got?.Invoke(received);
        return WebhookAttempt.Answered(200);
    }

    /// <summary>A webhook is kept.</summary>
    public void OnKept(Webhook webhook, TimeSpan? readAt)
    {
        var receiver = all.Single(one => one.Id == webhook.Id);
        receiver.DisabledSince = webhook.Health.IsEnabled ? null : receiver.DisabledSince ?? time.Now;
        trace.Say(receiver.Id, $"failed {webhook.Health.FailedAttempts} times, next {webhook.Health.NextAttemptAt}, enabled: {webhook.Health.IsEnabled}");
        Kept?.Invoke(receiver, Operation.Current!, readAt);
    }

    /// <summary>From now on all goes well with them.</summary>
    public void Recover()
    {
        (Refused, Gone) = (0, 0);
        foreach (var receiver in all)
        {
            receiver.Weather.Clear();
        }
    }

    private WebhookAttempt? Refusal() => Gone > 0 && chance.Hit(Gone) ? WebhookAttempt.Answered(410)
        : Refused > 0 && chance.Hit(Refused) ? WebhookAttempt.Answered(Unavailable, chance.Pick(Waits))
        : null;
}
