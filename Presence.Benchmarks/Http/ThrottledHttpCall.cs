using Presence.Benchmarks.Peers;
using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Http;

/// <summary>What a throttled call costs the server, beside peers who do the same work.</summary>
internal sealed class ThrottledHttpCall : IMeasurement
{
    private const int Rounds = 5;

    private static readonly int[] Connections = [8, 64];

    public string Name => "http";

    public async Task<IReadOnlyList<Section>> MeasureAsync(Surroundings surroundings, CancellationToken cancellationToken)
    {
        List<Contestant> contestants = [];
        List<Line> missing = [];
        try
        {
            await StartAsync(surroundings, contestants, missing, cancellationToken);
            await RunAsync(contestants, surroundings, cancellationToken);
            return
            [
                new(
                    "Throttled HTTP call: processor time of the server",
                    "`POST /api/activity` on the local host as a process of its own, and beside it the same host, check of the bearer token, body and "
                    + $"answer with another throttle behind. Medians of {Rounds} rounds in turn; all rounds are of throttled calls.",
                    [.. Connections.SelectMany(connections => Lines(contestants, connections)), .. missing]),
            ];
        }
        finally
        {
            foreach (var server in contestants.Select(c => c.Server).Distinct())
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task StartAsync(
        Surroundings surroundings, List<Contestant> contestants, List<Line> missing, CancellationToken cancellationToken)
    {
        var (nothing, address) = await ServeAsync(surroundings, PeerKind.Nothing, "none", cancellationToken);
        contestants.Add(new("nothing", nothing, new(address, "peer/activity"), SendsTokens: false, Behind: null));

        // A server of its own: what it records later of windows that have ended must not be counted for another.
        (var presence, address) = await ServeAsync(surroundings, PeerKind.Nothing, "none", cancellationToken);
        contestants.Add(new("Presence", presence, new(address, "api/activity"), SendsTokens: false, Behind: null));
        contestants.Add(new("Presence, with token", presence, new(address, "api/activity"), SendsTokens: true, Behind: null));
        try
        {
            var redis = await surroundings.RedisAsync(cancellationToken);
            (var server, address) = await ServeAsync(surroundings, PeerKind.Redis, redis.Address, cancellationToken);
            contestants.Add(new("Redis `SET NX EX 60`", server, new(address, "peer/activity"), SendsTokens: false, redis.ProcessId));
        }
        catch (PeerMissingException e)
        {
            missing.Add(Line.Missing("Redis", e.Message));
        }

        try
        {
            var postgres = await surroundings.PostgresAsync(cancellationToken);
            (var server, address) = await ServeAsync(surroundings, PeerKind.Postgres, postgres.ConnectionString, cancellationToken);
            contestants.Add(new(
                "PostgreSQL `INSERT … ON CONFLICT … WHERE`", server, new(address, "peer/activity"), SendsTokens: false, postgres.ProcessId));
        }
        catch (PeerMissingException e)
        {
            missing.Add(Line.Missing("PostgreSQL", e.Message));
        }
    }

    private static async Task<(PeerProcess Server, Uri Address)> ServeAsync(
        Surroundings surroundings, PeerKind peer, string behind, CancellationToken cancellationToken)
    {
        var storage = await surroundings.StorageAsync(cancellationToken);
        var signalR = await surroundings.SignalRAsync(cancellationToken);
        var program = typeof(ThrottledHttpCall).Assembly.Location;
        var server = PeerProcess.Start(null, "dotnet", program, ServerCommand.Name, storage, signalR, $"{peer}", behind);
        if (await server.Output.ReadLineAsync(cancellationToken) is { } address)
        {
            return (server, new Uri(address));
        }

        await server.DisposeAsync();
        throw new InvalidOperationException($"The server for {peer} ended while it started.");
    }

    private static async Task RunAsync(List<Contestant> contestants, Surroundings surroundings, CancellationToken cancellationToken)
    {
        foreach (var contestant in contestants)
        {
            await contestant.WarmAsync(cancellationToken);
        }

        for (var round = 1; round <= Rounds; round++)
        {
            surroundings.Say($"throttled HTTP calls, round {round} of {Rounds}");
            foreach (var (contestant, connections) in contestants.SelectMany(contestant => Connections.Select(connections => (contestant, connections))))
            {
                await contestant.RoundAsync(connections, cancellationToken);
            }
        }
    }

    private static IEnumerable<Line> Lines(List<Contestant> contestants, int connections)
    {
        var nothing = contestants[0].At(connections).Server;
        foreach (var contestant in contestants)
        {
            var what = $"{contestant.Name}, {connections} connections";
            var (server, behind) = contestant.At(connections);
            var isOurs = contestant.Name.StartsWith("Presence", StringComparison.Ordinal);
            yield return contestant.SendsTokens && !contestant.WasGivenTokens
                ? Line.Missing(what, "calls are answered no token")
                : Line.Of(what, server, "µs", isOurs ? Goal.AtMostTimes(1.25, "nothing", nothing) : null);
            if (contestant.Behind is not null)
            {
                yield return Line.Of($"{what}: of its own process", behind, "µs");
            }
        }
    }
}
