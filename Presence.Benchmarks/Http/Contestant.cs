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

    public bool WasGivenTokens { get; private set; }

    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        using var caller = new Caller(Route, 16, SendsTokens);
        await caller.CallAsync(CallsToWarm, cancellationToken);
    }

    public async Task RoundAsync(int connections, CancellationToken cancellationToken)
    {
        using var caller = new Caller(Route, connections, SendsTokens);
        await caller.OpenWindowsAsync(cancellationToken);
        var (server, behind) = (CpuTime.Of(Server.Id), OfBehind());
        await caller.CallAsync(CallsPerRound, cancellationToken);
        if (!_rounds.TryGetValue(connections, out var rounds))
        {
            _rounds[connections] = rounds = [];
        }

        rounds.Add(((CpuTime.Of(Server.Id) - server).TotalMicroseconds / CallsPerRound, (OfBehind() - behind).TotalMicroseconds / CallsPerRound));
        WasGivenTokens |= caller.WasGivenTokens;
    }

    /// <summary>Microseconds for each call, as the median of the rounds.</summary>
    public (double Server, double Behind) At(int connections) =>
        (Median(_rounds[connections].Select(r => r.Server)), Median(_rounds[connections].Select(r => r.Behind)));

    private TimeSpan OfBehind() => Behind is { } process ? CpuTime.Of(process, withChildren: true) : TimeSpan.Zero;

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
