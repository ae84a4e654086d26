using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Presence.Benchmarks.Clients;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Report;
using Presence.Core.Options;

namespace Presence.Benchmarks.Sweeps;

/// <summary>Thousands of users who go offline at one moment: how many of them a watcher hears of within one interval.</summary>
internal sealed class SweepOnLocalHost : IMeasurement
{
    private const int Due = 5_000;
    private const int Probe = 250;
    private const string Last = "until the last was told";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookFor = Interval * 8;

    public string Name => "sweep";

    public async Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        var storage = await surroundings.StorageAsync(cancellationToken);
        var (requests, _) = await RequestsOfASweep.CountAsync(storage, Due, cancellationToken);
        surroundings.Say($"{Due} users who are due at once");
        var probe = await BringOnlineAsync(storage, $"b{Guid.NewGuid():N}", Probe, TimeProvider.System.GetUtcNow(), cancellationToken);

        var settings = LocalHosts.Settings(storage, signalR: null);
        using var host = await LocalHosts.StartAsync(settings, cancellationToken);
        using var http = LocalHosts.CreateHttp();
        var api = new Api(http, host.Address);
        var sweepAt = NextSweep(TimeProvider.System.GetUtcNow() + (probe * Due / Probe * 2) + Interval);
        var dueAt = sweepAt - TimeSpan.FromSeconds(2);
        await BringOnlineAsync(storage, settings["Presence__TableName"], Due, dueAt - new PresenceOptions().OfflineAfter, cancellationToken);
        if (TimeProvider.System.GetUtcNow() > dueAt - TimeSpan.FromSeconds(5))
        {
            throw new TimeoutException("the machine was too busy to bring the users online in the time that it seemed to need");
        }

        var watcher = new Watcher();
        var grant = await api.NegotiateAsync(Tokens.ForDevelopment.For("watcher", TimeProvider.System.GetUtcNow()), [], cancellationToken);
        await using var connection = await LeanConnection.ConnectAsync(grant.Url, grant.AccessToken, watcher.Hear, cancellationToken);
        await Task.Delay(sweepAt - TimeProvider.System.GetUtcNow(), TimeProvider.System, cancellationToken);
        var since = TimeProvider.System.GetTimestamp();
        await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        var heard = watcher.Count;
        while (watcher.Count < Due && TimeProvider.System.GetElapsedTime(since) < LookFor)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }

        return [new("A sweep on the local host", How, Lines(requests, heard, watcher, since))];
    }

    private static string How =>
        $"{Due.ToString("#,0", CultureInfo.InvariantCulture)} users of the default conversation are due at one moment; one client of it listens. The "
        + "local host with its emulator is one process, beside it Azurite, which looks through all rows of a shard at each query.";

    private static List<Line> Lines(double requests, int heard, Watcher watcher, long since)
    {
        var due = Due.ToString("#,0", CultureInfo.InvariantCulture);
        var last = watcher.Count < Due
            ? Line.Missing(Last, string.Create(CultureInfo.InvariantCulture, $"after {LookFor.TotalSeconds:0} s {watcher.Count:#,0} were"))
            : Line.Of(Last, TimeProvider.System.GetElapsedTime(since, watcher.Last).TotalSeconds, "s", Goal.AtMost(Interval.TotalSeconds));
        var within = $"of {due} due, swept and told within {Interval.TotalSeconds:0} s of the sweep's beginning";
        return
        [
            Line.Of($"storage requests of a sweep with {due} due, by one instance and a clock of its own", requests, goal: RequestsOfASweep.GoalFor(Due)),
            Line.Of(within, heard, goal: Goal.AtLeast(Due)),
            last,
        ];
    }

    /// <returns>How long it took.</returns>
    private static async Task<TimeSpan> BringOnlineAsync(
        string storage, string table, int users, DateTimeOffset activeAt, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        var clock = new FakeTimeProvider(activeAt);
        await using var instance = FunctionInstance.Create(storage, table, clock);
        await instance.BringOnlineAsync(users, clock, cancellationToken);
        return TimeProvider.System.GetElapsedTime(since);
    }

    /// <summary>The default schedule: at each quarter of a minute.</summary>
    private static DateTimeOffset NextSweep(DateTimeOffset moment) =>
        new(((moment.UtcTicks / Interval.Ticks) + 1) * Interval.Ticks, TimeSpan.Zero);

    private sealed class Watcher
    {
        private readonly HashSet<string> _gone = new(StringComparer.Ordinal);

        public int Count
        {
            get
            {
                lock (_gone)
                {
                    return _gone.Count;
                }
            }
        }

        /// <summary>When it heard of another one last.</summary>
        public long Last { get; private set; }

        public void Hear(ReadOnlyMemory<byte> message)
        {
            using var call = JsonDocument.Parse(message);
            var argument = call.RootElement.GetProperty("arguments")[0];
            lock (_gone)
            {
                foreach (var view in argument.ValueKind == JsonValueKind.Array ? argument.EnumerateArray().ToArray() : [argument])
                {
                    if (view.TryGetProperty("status", out var status) && status.GetString() == "offline"
                        && _gone.Add(view.GetProperty("userId").GetString()!))
                    {
                        Last = TimeProvider.System.GetTimestamp();
                    }
                }
            }
        }
    }
}
