using Presence.Core.Domain;
using Presence.Core.Ports;

namespace Presence.Tests.Core;

/// <summary>Sessions, counts of conversations and sums of days in memory, made without any code of the real stores.</summary>
/// <param name="here">Those who are here.</param>
internal sealed class InMemoryHistoryStore(Func<IEnumerable<StoredUser>> here) : IHistoryStore, IConversationHistoryStore, IDaySummaryStore
{
    private readonly Lock _lock = new();

    // By the six minutes in which they began, and the day of their last moment.
    private readonly Dictionary<(PresenceKey User, DateOnly Day, long? Slot), Session> _sessions = [];
    private readonly Dictionary<(string Conversation, DateTimeOffset Minute), int> _counts = [];
    private readonly SortedDictionary<DateOnly, DaySummary> _days = [];

    public void Keep(PresenceKey user, Session session)
    {
        lock (_lock)
        {
            var day = LastDayOf(session);
            var minutes = (session.Start - new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)).TotalMinutes;
            _sessions[(user, day, minutes < 0 ? null : (long)(minutes / 6))] = session;
        }
    }

    public Task<IReadOnlyList<Session>> ReadAsync(PresenceKey user, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken) => Locked<IReadOnlyList<Session>>(() =>
        [.. _sessions.Where(s => s.Key.User == user && s.Key.Day >= fromDay && s.Key.Day <= toDay).Select(s => s.Value).OrderBy(s => s.Start)]);

    public async IAsyncEnumerable<(PresenceKey User, Session Session)> SessionsAsync(
        DateOnly fromDay, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var all in await Locked<IReadOnlyList<(PresenceKey, Session)>>(() =>
        [
            .. here().Where(u => u.Records.Status != PresenceStatus.Offline).Select(u => (u.User, new Session(u.Records.Online!.Since, DateTimeOffset.MaxValue))),
            .. _sessions.Where(s => s.Key.Day >= fromDay).Select(s => (s.Key.User, s.Value)),
        ]))
        {
            yield return all;
        }
    }

    public Task<int> RemoveAsync(PresenceKey user, CancellationToken cancellationToken) => Locked(() => RemoveSessions(s => s.User == user));

    public Task<int> RemoveOldAsync(DateOnly firstKept, CancellationToken cancellationToken) => Locked(() => RemoveSessions(s => s.Day < firstKept)
        + _counts.Keys.Where(c => DateOnly.FromDateTime(c.Minute.UtcDateTime) < firstKept).ToList()
            .GroupBy(c => (c.Conversation, c.Minute.UtcDateTime.Date, c.Minute.Hour)).Count(hour => hour.All(_counts.Remove)));

    public async IAsyncEnumerable<PresentUser> PresentAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var user in await Locked<IReadOnlyList<StoredUser>>(() => [.. here().Where(u => u.Records.Status != PresenceStatus.Offline)]))
        {
            yield return new(user.User, user.Records.Status, user.Records.ListensTo);
        }
    }

    public Task KeepAsync(DateTimeOffset takenAt, IReadOnlyDictionary<string, int> present, CancellationToken cancellationToken) => Locked(() =>
    {
        foreach (var (conversation, count) in present)
        {
            _counts[(conversation, takenAt.AddTicks(-(takenAt.Ticks % TimeSpan.TicksPerMinute)))] = count;
        }

        return 0;
    });

    Task<IReadOnlyList<ConversationCount>> IConversationHistoryStore.ReadAsync(string conversationId, DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<ConversationCount>>(() =>
        [
            .. _counts.Where(c => c.Key.Conversation == conversationId && DateOnly.FromDateTime(c.Key.Minute.UtcDateTime) is var day && day >= fromDay && day <= toDay)
                .Select(c => new ConversationCount(c.Key.Minute, c.Value)).OrderBy(c => c.Minute),
        ]);

    Task<IReadOnlyList<DaySummary>> IDaySummaryStore.ReadAsync(DateOnly fromDay, DateOnly toDay, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<DaySummary>>(() => [.. _days.Values.Where(d => d.Day >= fromDay && d.Day <= toDay)]);

    public Task<bool> TryAddAsync(DaySummary summary, CancellationToken cancellationToken) => Locked(() => _days.TryAdd(summary.Day, summary));

    Task<int> IDaySummaryStore.RemoveOldAsync(DateOnly firstKept, CancellationToken cancellationToken) =>
        Locked(() => _days.Keys.Where(day => day < firstKept).ToList().Count(_days.Remove));

    /// <summary>How many days of users had some.</summary>
    private int RemoveSessions(Func<(PresenceKey User, DateOnly Day, long? Slot), bool> isGone) =>
        _sessions.Keys.Where(isGone).ToList().GroupBy(s => (s.User, s.Day)).Count(day => day.All(_sessions.Remove));

    private static DateOnly LastDayOf(Session session) => DateOnly.FromDateTime(session.End.UtcDateTime.AddTicks(-1));

    private Task<T> Locked<T>(Func<T> act)
    {
        lock (_lock)
        {
            return Task.FromResult(act());
        }
    }
}
