using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Rules;

namespace Presence.Core.Analytics;

/// <summary>
/// Sums finished days up, each once: so looking at a year reads a row for each day. Safe to run anywhere, any time: of two who sum the same day up, the first
/// keeps it; what fails is done by the next run, within a week.
/// </summary>
public sealed class DayFolder(IHistoryStore history, IDaySummaryStore summaries, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>So many days back, those that were missed since the last that is summed up still are. Without any, the last one is the first.</summary>
    private const int CatchesUp = 7;

    /// <summary>So long after its end all that ended on a day is written, whatever the clocks.</summary>
    private static readonly TimeSpan SettledAfter = TimeSpan.FromHours(1);

    /// <summary>So long sums are kept. They name nobody.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(3 * 366);

    /// <summary>Sums up what is to be summed up, where sessions are kept at all.</summary>
    /// <returns>How many days were summed up.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach; days that were summed up until then stay so.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.KeepsHistory)
        {
            return 0;
        }

        var last = HistoryRules.DayOf(time.GetUtcNow() - SettledAfter).AddDays(-1);
        var known = await summaries.ReadAsync(last.AddDays(1 - CatchesUp), last, cancellationToken);
        var folded = 0;
        for (var day = known is [.., var newest] ? newest.Day.AddDays(1) : last; day <= last; day = day.AddDays(1))
        {
            folded += await summaries.TryAddAsync(await FoldAsync(day, cancellationToken), cancellationToken) ? 1 : 0;
        }

        return folded;
    }

    /// <summary>Removes the sums that are old, whether there are further ones or not.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public Task<int> RemoveOldAsync(CancellationToken cancellationToken) =>
        summaries.RemoveOldAsync(HistoryRules.DayOf(time.GetUtcNow() - KeptFor), cancellationToken);

    private async Task<DaySummary> FoldAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var fold = new DayFold(day);
        await foreach (var (user, session) in history.SessionsAsync(DayFold.FirstNeeded(day), cancellationToken))
        {
            fold.Add(user, session);
        }

        return fold.ToSummary();
    }
}
