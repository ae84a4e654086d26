using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Engine;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Forecasting;

/// <summary>Forecasts when users are here. Who may not know the past of a user is answered, and costs, as of a user of whom little is known.</summary>
public sealed class ForecastReader(
    PresenceReader reader, IHistoryStore history, ForecastScores scores, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The next seven days of a user, as far as the viewer may know: one request for each calendar month of the history beside the look-up.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="user">Of whom.</param>
    /// <param name="zone">By whose clocks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    /// <exception cref="UnreadableRowException">The viewer, or the user, has a row that cannot be read.</exception>
    public async Task<Forecast> ReadAsync(PresenceKey viewer, PresenceKey user, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        if (!options.Value.KeepsHistory)
        {
            return Told(new(NoForecast.HistoryOff, [], null));
        }

        var records = await reader.ReadPastAsync(viewer, user, cancellationToken);
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);

        // Whoever may not know of it is not to tell that by the time it takes.
        var sessions = await history.ReadAsync(user, today.AddDays(-7 * Outlook.MostWeeks), today, cancellationToken);
        if (records is not { } known)
        {
            return Told(Outlook.TooLittle);
        }

        var outlook = Outlook.Of([.. sessions, .. UnderWay(known, now)], now, zone);
        if (outlook.Scored is { } week)
        {
            scores.Add(user, week);
        }

        return Told(outlook);

        Forecast Told(Outlook told) => new(user.ToString(), zone.Id, told.None, told.Hours);
    }

    /// <summary>The session that goes on.</summary>
    private static IEnumerable<Session> UnderWay(UserRecords records, DateTimeOffset now) =>
        records is { Online: { } online, Status: not PresenceStatus.Offline } && online.Since < now ? [new(online.Since, now)] : [];
}
