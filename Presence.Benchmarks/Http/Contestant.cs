using Presence.Benchmarks.Peers;

namespace Presence.Benchmarks.Http;

/// <summary>One of those who are measured beside one another.</summary>
/// <param name="Name">As in the document.</param>
/// <param name="Server">The process of its server.</param>
/// <param name="Route">What is called.</param>
/// <param name="SendsTokens">Whether clients send back what they are answered.</param>
/// <param name="Behind">The process that is asked by the server, with its children; null for none.</param>
internal sealed record Contestant(string Name, PeerProcess Server, Uri Route, bool SendsTokens, int? Behind)
{
    private const int CallsPerRound = 16_000;
    private const int CallsToWarm = 24_000;

    private readonly Dictionary<int, List<(double Server, double Behind)>> _rounds = [];

    /// <summary>A token comes with a call that is recorded, and is sent back with those that are not.</summary>
    private readonly string?[]? _presenceTokens = SendsTokens ? new string?[Caller.Users] : null;

    public bool WasGivenTokens => _presenceTokens is { } tokens && Array.Exists(tokens, token => token is not null);

    /// <summary>Users of its own: those of another would find their windows open.</summary>
    private string Names => SendsTokens ? "with-token" : "user";

    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        using var caller = new Caller(Route, 16, Names, _presenceTokens);
        await caller.CallAsync(CallsToWarm, cancellationToken);
    }

    public async Task RoundAsync(int connections, CancellationToken cancellationToken)
    {
        using var caller = new Caller(Route, connections, Names, _presenceTokens);
        await caller.OpenWindowsAsync(cancellationToken);
        var (server, behind) = (CpuTime.Of(Server.Id), OfBehind());
        await caller.CallAsync(CallsPerRound, cancellationToken);
        if (!_rounds.TryGetValue(connections, out var rounds))
        {
            _rounds[connections] = rounds = [];
        }

        rounds.Add(((CpuTime.Of(Server.Id) - server).TotalMicroseconds / CallsPerRound, (OfBehind() - behind).TotalMicroseconds / CallsPerRound));
    }

    /// <summary>Microseconds for each call, as the median of the rounds.</summary>
    public (double Server, double Behind) At(int connections) =>
        (Median(_rounds[connections].Select(r => r.Server)), Median(_rounds[connections].Select(r => r.Behind)));

    private TimeSpan OfBehind() => Behind is { } process ? CpuTime.Of(process, withChildren: true) : TimeSpan.Zero;

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
