using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Report;
using Presence.Benchmarks.Sweeps;
using Presence.Core.Ledger;

namespace Presence.Benchmarks.Events;

/// <summary>What following the feed of events costs, by how many there are.</summary>
internal sealed class RequestsOfReadingEvents : ICounted
{
    private const int Shards = 16;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly int[] Happened = [0, 100, 1_000];

    public string Title => "Storage requests of reading events";

    public string How =>
        $"E users came a second ago, in {Shards} shards; a page of the feed of {EventFeed.MostAtOnce:#,0} events is read, with what it takes to know that "
        + "none of those told before has come late.";

    public async Task<IReadOnlyList<Count>> CountAsync(string storage, CancellationToken cancellationToken)
    {
        List<Count> counts = [];
        foreach (var events in Happened)
        {
            var (requests, told) = await CountAsync(storage, events, cancellationToken);
            var name = string.Create(CultureInfo.InvariantCulture, $"reading events, {events:#,0} new");
            counts.Add(new(name, requests, Goal.AtMost(Shards)));
            counts.Add(new($"{name}, not told", events - told, Goal.AtMost(0)));
        }

        return counts;
    }

    private static async Task<(double Requests, int Told)> CountAsync(string storage, int events, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(Start);
        var table = $"b{Guid.NewGuid():N}";
        await using var instance = FunctionInstance.Create(storage, table, clock, options => options.ShardCount = Shards);
        await instance.BringOnlineAsync(10, clock, cancellationToken);

        // Another one reads: what changes owe is still being crossed out by the first.
        await using var reader = FunctionInstance.Create(storage, table, clock, options => options.ShardCount = Shards);
        var feed = reader.Get<EventFeed>();
        clock.Advance(EventFeed.Lag);
        var first = await feed.ReadAsync(null, EventFeed.MostAtOnce, cancellationToken);
        await instance.BringOnlineAsync(events + first.Events.Length, clock, cancellationToken);
        clock.Advance(EventFeed.Lag);
        var before = reader.Requests;
        var page = await feed.ReadAsync(first.Next, EventFeed.MostAtOnce, cancellationToken);
        return ((reader.Requests - before).All, page.Events.Length);
    }
}
