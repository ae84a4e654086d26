using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Presence.Benchmarks.Counts;
using Presence.Benchmarks.Report;
using Presence.Core.Sweep;

namespace Presence.Benchmarks.Sweeps;

/// <summary>What a sweep costs, by how many users are due.</summary>
internal sealed class RequestsOfASweep : ICounted
{
    private const int Shards = 16;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly int[] Due = [0, 100, 1_000];

    public string Title => "Storage requests of a sweep";

    public string How =>
        $"D users in the default conversation go offline in one sweep over {Shards} shards, by one instance and a clock of its own; with what "
        + "telling of it costs.";

    public async Task<IReadOnlyList<Count>> CountAsync(string storage, CancellationToken cancellationToken)
    {
        List<Count> counts = [];
        foreach (var due in Due)
        {
            var (requests, done) = await LeastAsync(storage, due, cancellationToken);
            var name = string.Create(CultureInfo.InvariantCulture, $"sweep, {due:#,0} due");
            // What is crossed out together depends on what ends together.
            counts.Add(new(name, requests, GoalFor(due)) { Spread = 0.25, Least = due == 0 ? 0 : 2 });
            counts.Add(new($"{name}, not done in it", due - done, Goal.AtMost(0)) { Least = 0 });
        }

        return counts;
    }

    /// <summary>
    /// The better of two: what ends while storage is busy is crossed out by itself, and a machine that does much else keeps it busy.
    /// </summary>
    private static async Task<(double Requests, int Done)> LeastAsync(string storage, int due, CancellationToken cancellationToken)
    {
        var (one, other) = (await CountAsync(storage, due, cancellationToken), await CountAsync(storage, due, cancellationToken));
        return one.Requests <= other.Requests ? one : other;
    }

    public static Goal GoalFor(int due) => Goal.AtMost((2 * Shards) + (due / 10.0));

    /// <summary>Requests for so many users due at once, and how many of them were done.</summary>
    public static async Task<(double Requests, int Done)> CountAsync(string storage, int due, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider(Start);
        await using var instance = FunctionInstance.Create(storage, $"b{Guid.NewGuid():N}", clock, options => options.ShardCount = Shards);
        await instance.BringOnlineAsync(due, clock, cancellationToken);
        clock.Advance(TimeSpan.FromMinutes(5));
        var before = instance.Requests;
        var report = await instance.Get<PresenceSweep>().RunAsync(cancellationToken);
        return ((instance.Requests - before).All, report.Transitions);
    }
}
