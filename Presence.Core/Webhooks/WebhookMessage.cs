using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Presence.Core.Domain;
using Presence.Core.Ledger;

namespace Presence.Core.Webhooks;

/// <summary>What a webhook is sent at once: a batch of CloudEvents 1.0 (github.com/cloudevents/spec, "JSON Event Format", section 4).</summary>
/// <param name="Id">The same for the same events, however often and by whom they are sent; another where there are others, or fewer.</param>
/// <param name="Body">The batch.</param>
/// <param name="OldestAt">When the first of its events happened, as far as that may be known exactly; null for none.</param>
internal sealed record WebhookMessage(string Id, ReadOnlyMemory<byte> Body, DateTimeOffset? OldestAt)
{
    /// <summary>The most events.</summary>
    public const int MaxEvents = 100;

    /// <summary>The most bytes, unless a single event has more.</summary>
    public const int MaxBytes = 262_144;

    public const string ContentType = "application/cloudevents-batch+json";

    private const string IdPrefix = "msg_";

    /// <summary>The message of some events; null for none.</summary>
    public static WebhookMessage? Of(string webhookId, IReadOnlyList<UserEvent> events) => events.Count == 0
        ? null
        : new(IdOf(webhookId, events), BodyOf(events), events.Where(IsExact).Select(told => (DateTimeOffset?)told.At).Min());

    /// <summary>A batch without events, which is one, too: it tries the way and the signature, and tells nothing of anybody.</summary>
    public static WebhookMessage Test() => new($"{IdPrefix}test_{Guid.NewGuid():N}", BodyOf([]), OldestAt: null);

    private static byte[] BodyOf(IEnumerable<UserEvent> events) =>
        JsonSerializer.SerializeToUtf8Bytes([.. events.Select(CloudEvent.Of)], WebhookJson.Default.CloudEventArray);

    private static string IdOf(string webhookId, IEnumerable<UserEvent> events)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', events.Select(told => told.Id).Prepend(webhookId))));
        return IdPrefix + Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    /// <summary>Of a user who hides anything an event tells no more than the day, by its begin.</summary>
    private static bool IsExact(UserEvent told) => told.At.UtcDateTime.TimeOfDay > TimeSpan.Zero;
}
