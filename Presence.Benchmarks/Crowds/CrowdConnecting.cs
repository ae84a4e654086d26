using System.Globalization;
using Presence.Benchmarks.Clients;
using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Crowds;

/// <summary>A crowd that connects at once, on the local host as a program of its own.</summary>
internal sealed class CrowdConnecting : IMeasurement
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RightWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    private static readonly int[] Sizes = [250, 1_000];

    public string Name => "crowds";

    public async Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        List<Line> lines = [];
        foreach (var size in Sizes)
        {
            surroundings.Say($"{size} clients connecting in {Within.TotalSeconds:0} s");
            lines.AddRange(await MeasureAsync(surroundings, size, cancellationToken));
        }

        return
        [
            new(
                "A crowd that connects",
                $"Clients of the default conversation, evenly over {Within.TotalSeconds:0} s, against the local host with its emulator as one process, "
                + $"Azurite, and the clients themselves, all on this machine. Looked at {RightWithin.TotalSeconds:0} s after the last has begun. A client "
                + "that is refused comes again when it is told to. Requests are without those that the host makes when nothing happens.",
                lines),
        ];
    }

    private static async Task<IReadOnlyList<Line>> MeasureAsync(Surroundings surroundings, int size, CancellationToken cancellationToken)
    {
        var settings = LocalHosts.Settings(await surroundings.StorageAsync(cancellationToken), signalR: null);
        using var host = await LocalHosts.StartAsync(settings, cancellationToken);
        using var http = LocalHosts.CreateHttp();
        var api = new Api(http, host.Address);
        var now = TimeProvider.System.GetUtcNow();
        List<CrowdClient> clients = [.. Names(size).Select(user => new CrowdClient(api, user, Tokens.ForDevelopment.For(user, now)))];
        try
        {
            var before = await api.StorageRequestsAsync(cancellationToken);
            await Task.Delay(Idle, TimeProvider.System, cancellationToken);
            var idle = (await api.StorageRequestsAsync(cancellationToken) - before) / Idle.TotalSeconds;
            await ConnectAsync(clients, cancellationToken);

            // At once: in a moment they are connected no more.
            var users = clients.ConvertAll(client => client.User);
            var right = clients.Count(client => client.IsRight(users));

            // What it counts may be a second old.
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
            var requests = await api.StorageRequestsAsync(cancellationToken) - before - (idle * (Idle + Within + RightWithin).TotalSeconds);
            return [.. Lines(clients, requests, right)];
        }
        finally
        {
            await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        }
    }

    private static async Task ConnectAsync(List<CrowdClient> clients, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connecting = clients.Select(async (client, i) =>
        {
            await Task.Delay(Within / clients.Count * i, TimeProvider.System, limit.Token);
            await client.ConnectAsync(limit.Token);
        }).ToList();
        await Task.Delay(Within + RightWithin, TimeProvider.System, cancellationToken);
        await limit.CancelAsync();
        foreach (var one in connecting)
        {
            await one.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IEnumerable<Line> Lines(List<CrowdClient> clients, double requests, int right)
    {
        var size = clients.Count;
        var what = string.Create(CultureInfo.InvariantCulture, $"{size:#,0} clients");
        yield return Line.Of($"{what}, storage requests for each", requests / size, goal: size == 250 ? Goal.AtMost(3.5) : null);
        yield return Line.Of($"{what}, received by each", clients.Average(client => client.Received) / 1_000, "KB");
        yield return Line.Of($"{what}, largest snapshot", clients.Max(client => client.SnapshotBytes) / 1_000.0, "KB");
        yield return Line.Of($"{what}, connected", clients.Count(client => client.IsConnected), goal: Goal.AtLeast(size));
        yield return Line.Of($"{what}, with snapshot", clients.Count(client => client.HasSnapshot), goal: Goal.AtLeast(size));
        yield return Line.Of($"{what}, negotiations refused", clients.Sum(client => client.Refused), goal: Goal.AtMost(0));
        yield return Line.Of($"{what}, right", right, goal: Goal.AtLeast(size));
    }

    private static IEnumerable<string> Names(int size) => Enumerable.Range(0, size).Select(i => $"user-{i:0000}");
}
