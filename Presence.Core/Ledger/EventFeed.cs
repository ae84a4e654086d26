using Microsoft.Extensions.Options;
using Presence.Core.Domain;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Ledger;

/// <summary>
/// The feed of all events, for whoever keeps a cursor: none is missed, each is told at least once, and those of one user in order.
/// </summary>
/// <remarks>
/// <para>An event lies at the moment at which it was sent to storage. It may arrive later, behind the position of somebody who has read on, by at
/// most <see cref="Window"/>: a try takes 2 s and a write 4.5 s, a request given up may linger in the network, and clocks differ by up to
/// <see cref="PresenceOptions.ClockTolerance"/>. So a cursor holds how many events of that window lay before its position, and which. Where
/// the next read finds others there, it tells the window again: what was told twice has the same id.</para>
/// <para>Reading <see cref="Lag"/> behind the present makes that rare. It also keeps the order of one user: an event is written under the condition that
/// the user is as the one before has left it, so that whoever reads it finds that one, too.</para>
/// </remarks>
public sealed class EventFeed(IEventStore store, IOptions<PresenceOptions> options, TimeProvider time)
{
    /// <summary>The most events of a page, and of what storage answers to one request.</summary>
    public const int MostAtOnce = 1_000;

    /// <summary>The most events that are read ahead in a shard, where pages of them are dealt with one after the other.</summary>
    internal const int MostAhead = 500;

    /// <summary>The same of all shards together: some 25 MB.</summary>
    private const int MostAheadInAll = 32_000;

    /// <summary>How late an event may arrive.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(45);

    /// <summary>How far behind the present the feed is read.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);

    /// <summary>So much longer than <see cref="PresenceOptions.EventRetention"/> a cursor is good, so that whoever begins with the oldest can read on.</summary>
    public static readonly TimeSpan Spare = TimeSpan.FromHours(1);

    /// <summary>Whether there is a feed.</summary>
    public bool IsOn => options.Value.EventRetention > TimeSpan.Zero;

    /// <summary>
    /// How long events were kept in the past, and whether they were, cannot have changed without notice within so short a time: that is when it is looked
    /// at. So whoever asks at least as often pays nothing for it.
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The events behind a cursor. One request for each shard, one more for each further 1,000 events of it that lie in the last 45 s or are told, and one
    /// where the cursor is more than a minute old.
    /// </summary>
    /// <param name="after">Where the last page ended; null for the oldest that are kept.</param>
    /// <param name="limit">The most events wished for: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CursorTooOldException">What lies behind the cursor may be gone.</exception>
    /// <exception cref="InvalidInputException">The cursor is of another number of shards.</exception>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<EventPage> ReadAsync(EventCursor? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostAtOnce);
        return (await ReadAsync(after, limit, time.GetUtcNow(), cancellationToken)).Cut(limit).Page;
    }

    /// <summary>
    /// The same as of a moment not long ago, and read ahead: as many pages as it holds need no request more. Whoever reads to the end as of the same moment
    /// has the same cursor then.
    /// </summary>
    /// <inheritdoc cref="ReadAsync(EventCursor?, int, CancellationToken)" path="/exception"/>
    internal Task<EventStretch> ReadAheadAsync(EventCursor? after, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(after, Math.Min(MostAhead, MostAheadInAll / store.ShardCount), now, cancellationToken);

    /// <summary>A cursor behind all that has happened until now. As many requests as a read.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task<EventCursor> LatestAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var reading = new EventReading(From(now - Window), now - Window, now - Lag);
        var shards = await Task.WhenAll(Enumerable.Range(0, store.ShardCount).Select(shard => ReadAsync(reading, shard, int.MaxValue, cancellationToken)));
        return new EventStretch(reading, shards).Cut(int.MaxValue).Page.Next;
    }

    /// <summary>So many events of each shard, those that were told before not counted.</summary>
    private async Task<EventStretch> ReadAsync(EventCursor? after, int ofEach, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var from = after ?? From(await OldestAsync(now, cancellationToken));
        ThrowIfUnusable(from, now);
        var reading = new EventReading(from, now - Window, now - Lag);
        var shards = await Task.WhenAll(from.Shards.Select((_, shard) => ReadAsync(reading, shard, ofEach, cancellationToken)));
        if (after is not null && after.Shards.Min(shard => shard.Position.Ticks) < (now - Fresh).UtcTicks)
        {
            // Behind the events: what was removed while they were read was refused before that.
            await ThrowIfIncompleteAsync(after, cancellationToken);
        }

        return new(reading, shards);
    }

    private EventCursor From(DateTimeOffset moment) => new(
        moment.UtcTicks, [.. Enumerable.Repeat(new ShardCursor(EventPosition.EndOf(moment)), store.ShardCount)]);

    private void ThrowIfUnusable(EventCursor after, DateTimeOffset now)
    {
        if (after.Shards.Length != store.ShardCount)
        {
            throw new InvalidInputException("after", $"must be a cursor of {store.ShardCount} shards, as this system has; it is of {after.Shards.Length}");
        }

        if (after.Shards.Min(shard => shard.Position.Ticks) < (now - options.Value.EventRetention - Spare).UtcTicks)
        {
            throw CursorTooOldException.OlderThan(options.Value.EventRetention);
        }
    }

    /// <summary>However long events are kept now: they may have been for a shorter time meanwhile, or not at all.</summary>
    private async Task ThrowIfIncompleteAsync(EventCursor after, CancellationToken cancellationToken)
    {
        var complete = await store.CompleteSinceAsync(cancellationToken);
        if (after.Shards.Min(shard => shard.Position.Ticks) < complete.UtcTicks)
        {
            throw CursorTooOldException.Before(complete);
        }
    }

    private async Task<DateTimeOffset> OldestAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (kept, complete) = (now - options.Value.EventRetention, await store.CompleteSinceAsync(cancellationToken));
        return complete > kept ? complete : kept;
    }

    /// <summary>
    /// One event more than is wished for, so that it shows whether there are more; unless that one would take a request of its own: then there may be.
    /// </summary>
    private async Task<ShardReading> ReadAsync(EventReading reading, int shard, int wished, CancellationToken cancellationToken)
    {
        var most = (long)reading.SeenIn(shard) + wished;
        most += most % MostAtOnce == 0 ? 0 : 1;
        var events = await store
            .ReadAsync(shard, reading.FirstIn(shard), reading.LastIn(shard), (int)Math.Min(most, MostAtOnce), cancellationToken)
            .Take((int)Math.Min(most, int.MaxValue))
            .ToArrayAsync(cancellationToken);
        return reading.Of(shard, events, isWhole: events.Length < most);
    }
}
