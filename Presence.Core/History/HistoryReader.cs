using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.History;

/// <summary>Answers when a user was here, and when somebody was in a conversation.</summary>
public sealed class HistoryReader(IHistoryStore sessions, IConversationHistoryStore conversations, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The sessions of a user that ended on the days given, in the order of their starts.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task<IReadOnlyList<Session>> ReadAsync(PresenceKey user, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken) =>
        sessions.ReadAsync(user, fromDay, toDay, cancellationToken);

    /// <summary>The hours of a conversation on the days given, those in which somebody was in it.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<IReadOnlyList<ConversationHour>> ReadAsync(string conversationId, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken)
    {
        var counts = await conversations.ReadAsync(conversationId, fromDay, toDay, cancellationToken);
        var interval = Schedules.IntervalAt(options.Value.CensusSchedule, time.GetUtcNow());

        // Of two counts in one minute only one is kept.
        return [.. HistoryRules.HoursOf(counts, interval > TimeSpan.FromMinutes(1) ? interval : TimeSpan.FromMinutes(1))];
    }
}
