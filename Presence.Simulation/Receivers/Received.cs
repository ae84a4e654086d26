using System.Collections.Immutable;
using System.Text.Json;
using Presence.Core.Webhooks;
using Presence.Simulation.Operations;

namespace Presence.Simulation.Receivers;

/// <summary>A message as it came to a receiver.</summary>
/// <param name="To">Which receiver.</param>
/// <param name="Id">Its id.</param>
/// <param name="Events">What it says.</param>
/// <param name="By">On behalf of which operation it was sent.</param>
internal sealed record Received(Receiver To, string Id, ImmutableArray<ReceivedEvent> Events, Operation By)
{
    public static Received Of(Receiver to, WebhookMessage message) => new(
        to, message.Id, [.. JsonElement.Parse(message.Body.Span).EnumerateArray().Select(ReceivedEvent.Of)], Operation.Current!);
}

/// <summary>An event as its receiver reads it.</summary>
/// <param name="Id">By which a double is known.</param>
/// <param name="Type">What it tells.</param>
/// <param name="User">Of whom.</param>
/// <param name="Version">Its version.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Status">How the user is since then; null where it does not say.</param>
/// <param name="Conversations">Where the user is since then; null where it does not say.</param>
/// <param name="TellsActivity">Whether it says exactly when the user was active.</param>
internal sealed record ReceivedEvent(
    string Id, string Type, string User, long Version, DateTimeOffset Time, string? Status, ImmutableArray<string>? Conversations, bool TellsActivity)
{
    public static ReceivedEvent Of(JsonElement told)
    {
        var data = told.GetProperty("data");
        return new(
            told.GetProperty("id").GetString()!,
            told.GetProperty("type").GetString()!,
            told.GetProperty("subject").GetString()!,
            data.GetProperty("version").GetInt64(),
            told.GetProperty("time").GetDateTimeOffset(),
            data.TryGetProperty("status", out var status) ? status.GetString() : null,
            data.TryGetProperty("conversations", out var conversations) ? [.. conversations.EnumerateArray().Select(one => one.GetString()!)] : null,
            data.TryGetProperty("lastActiveAt", out _) || data.TryGetProperty("lastSeenAt", out _));
    }
}
