using Presence.Benchmarks.Clients;

namespace Presence.Benchmarks.Load;

/// <summary>One load, from the first look at the metrics to the last.</summary>
internal sealed class LoadRun(LoadArguments arguments, ILoadHosts hosts, TextWriter output)
{
    /// <summary>What instances have counted is told within a second or so.</summary>
    private static readonly TimeSpan MetricsAreOld = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    private readonly Kills _kills = new();
    private readonly Tally _tally = new();

    /// <summary>The hosts where they were started for this load, and so may be killed.</summary>
    public StartedHosts? Started { get; init; }

    public async Task<(Tally Tally, Kills Kills, IReadOnlyList<LoadCheck> Checks)> RunAsync(CancellationToken cancellationToken)
    {
        using var http = LocalHosts.CreateHttp();
        http.Timeout = CallTimeout;
        var bearers = await BearersAsync(http, cancellationToken);
        var before = await MetricsAsync(http, cancellationToken);
        var memory = new MemorySampler(hosts);
        await LiveAsync(http, bearers, memory, cancellationToken);
        await Task.Delay(MetricsAreOld, TimeProvider.System, cancellationToken);
        var counted = await MetricsAsync(http, cancellationToken) - before;
        return (_tally, _kills, [.. LoadChecks.Of(_tally, counted, memory.Trends)]);
    }

    private async Task LiveAsync(HttpClient http, string[] bearers, MemorySampler memory, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connected = bearers.Take(arguments.Connections);
        LoadConnection[] connections = [.. connected.Select(bearer => new LoadConnection(http, hosts, bearer, _kills, _tally))];
        List<Task> living =
        [
            .. bearers.Select(bearer => new LoadUser(http, hosts, HostsOfOne(), bearer, arguments.Think, _kills, _tally).LiveAsync(over.Token)),
            .. connections.Select(connection => connection.LiveAsync(over.Token)),
            memory.SampleAsync(arguments.Duration, over.Token),
            new LoadProgress(arguments, _tally, connections, output, Console.IsOutputRedirected).TellAsync(over.Token),
        ];
        var restarting = Started is { } started && arguments.RestartEvery is { } every
            ? started.RestartAsync(every, _kills, _tally, over.Token)
            : Task.CompletedTask;
        await Task.Delay(arguments.Duration, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
        await Task.WhenAll(living);
        await restarting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (restarting.IsFaulted)
        {
            await restarting;
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Over which hosts one user's calls go.</summary>
    private int[] HostsOfOne()
    {
        var all = Enumerable.Range(0, hosts.Count).ToArray();
        Random.Shared.Shuffle(all);
        return all[..(arguments.Hosts ?? all.Length)];
    }

    private async Task<string[]> BearersAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (arguments.SigningKey is { } key)
        {
            return Sign(new Tokens(key, arguments.Audience!), now);
        }

        if (Started is not null)
        {
            return Sign(Tokens.ForDevelopment, now);
        }

        var bearers = new string[arguments.Users];
        await Parallel.ForAsync(
            0,
            bearers.Length,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (i, token) => bearers[i] = (await http.GetStringAsync(new Uri(hosts.AddressOf(0)!, $"dev/token?user={NameOf(i)}"), token)).Trim());
        return bearers;
    }

    private string[] Sign(Tokens tokens, DateTimeOffset now) => [.. Enumerable.Range(0, arguments.Users).Select(i => tokens.For(NameOf(i), now))];

    private static string NameOf(int number) => $"load-{number}";

    private Task<StatusMetrics> MetricsAsync(HttpClient http, CancellationToken cancellationToken) =>
        new Api(http, Enumerable.Range(0, hosts.Count).Select(hosts.AddressOf).First(address => address is not null)!, arguments.FunctionKey)
            .StatusMetricsAsync(cancellationToken);
}
