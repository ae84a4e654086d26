using System.Diagnostics;
using System.Globalization;
using Azure.Data.Tables;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Report;
using Presence.Core.Domain;
using Presence.Core.Ledger;
using Presence.Core.Webhooks;

namespace Presence.Benchmarks.Events;

/// <summary>How many events a run delivers to one webhook where 250 happen each second, as of 100,000 users, and the last run was 15 s ago.</summary>
internal sealed class WebhookRuns : IMeasurement
{
    private const int Shards = 16;

    /// <summary>Of each shard, in 45 s: 11,250 of all.</summary>
    private const int InWindow = 703;

    /// <summary>Of each shard, in 15 s: 3,750 of all.</summary>
    private const int InInterval = 234;

    /// <summary>Of each shard, where more is owed than a run delivers.</summary>
    private const int Backlog = 3_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan[] Answers = [TimeSpan.Zero, TimeSpan.FromMilliseconds(50)];

    public string Name => "webhooks";

    public async Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        surroundings.Say("runs of webhooks");
        List<Line> lines = [];
        var storage = await surroundings.StorageAsync(cancellationToken);
        foreach (var (answersAfter, ofEach) in Answers.SelectMany(answer => new[] { (answer, InInterval), (answer, Backlog) }))
        {
            lines.AddRange(await RunAsync(storage, answersAfter, ofEach, cancellationToken));
        }

        return
        [
            new(
                "A run of webhooks",
                $"One webhook, {Shards} shards, {InWindow * Shards:#,0} events in the last 45 s that it was sent already; the receiver answers after a time. Azurite, receiver and "
                + "what sends are of this machine.",
                lines),
        ];
    }

    private static async Task<IEnumerable<Line>> RunAsync(string storage, TimeSpan answersAfter, int ofEach, CancellationToken cancellationToken)
    {
        var clock = new ShiftedClock();
        var table = $"b{Guid.NewGuid():N}";
        await using var receiver = await CountingReceiver.StartAsync(answersAfter, cancellationToken);
        await using var instance = FunctionInstance.Create(
            storage, table, clock, options => (options.ShardCount, options.AllowPrivateWebhooks) = (Shards, true));
        await instance.Get<Presence.Core.TableStorage.PresenceTable>().OpenAsync(cancellationToken);
        var rows = new TableClient(storage, table);

        // Written before the clock comes there, so that all of them lie in the window by then, however long that takes.
        var told = clock.GetUtcNow() + TimeSpan.FromMinutes(2);
        await rows.AddEventsAsync(told - EventFeed.Lag - EventFeed.Window + TimeSpan.FromSeconds(1), EventFeed.Window / (InWindow + 20), InWindow, Shards, cancellationToken);
        await rows.AddEventsAsync(told - EventFeed.Lag + TimeSpan.FromSeconds(1), (Interval - TimeSpan.FromSeconds(2)) / ofEach, ofEach, Shards, cancellationToken);
        clock.MoveTo(told);
        await instance.Get<WebhookSubscriptions>().AddAsync(new(receiver.Url, null, WebhookFilter.Everything, After: null), cancellationToken);
        clock.MoveTo(told + Interval);

        var (before, began) = (instance.Requests, Stopwatch.GetTimestamp());
        var report = await instance.Get<WebhookDelivery>().RunAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(began);
        var requests = (instance.Requests - before).All;
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{ofEach * Shards:#,0} new events, {(answersAfter == TimeSpan.Zero ? "answered at once" : $"answered after {answersAfter.TotalMilliseconds:0} ms")}");
        return
        [
            Line.Of($"{name}: delivered", receiver.Events, goal: ofEach == InInterval ? Goal.AtLeast(InInterval * Shards) : null),
            Line.Of($"{name}: of them in a second", receiver.Events / took.TotalSeconds),
            Line.Of($"{name}: storage requests", requests, goal: ofEach == InInterval ? Goal.AtMost(1 + (2 * Shards) + report.Delivered) : null),
            Line.Of($"{name}: of them not the write of a message", requests - report.Delivered),
        ];
    }

    /// <summary>The clock of the machine, set ahead.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private TimeSpan _ahead;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

        public void MoveTo(DateTimeOffset moment) => _ahead += moment - GetUtcNow();
    }
}
