using Presence.Core.Ports;

namespace Presence.Core.Delivery;

/// <summary>The outbox, made when it is first needed.</summary>
internal sealed class LateDelivery(Lazy<Outbox> outbox) : IDelivery
{
    public StoredDuty? ToKeep(StoredDuty duty) => outbox.Value.ToKeep(duty);

    public Task DeliverAsync(StoredDuty duty, bool isKept) => outbox.Value.DeliverAsync(duty, isKept);
}
