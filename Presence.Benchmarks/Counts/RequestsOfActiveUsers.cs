using Presence.Benchmarks.Report;

namespace Presence.Benchmarks.Counts;

/// <summary>What a user who is active without pause costs, by how many instances share the calls.</summary>
internal sealed class RequestsOfActiveUsers : ICounted
{
    private const int Users = 20;
    private const int Windows = 12;

    private static readonly int[] Instances = [1, 2, 4, 8];

    public string Title => "Storage requests per active user and minute";

    public string How =>
        $"{Users} users over {Windows} throttle windows on a clock of their own, each call through an instance chosen at random, over Azurite; "
        + "requests as the instances count them. Steady is a call a second. For comparison: Redis `SET NX EX` asks 60 times, as does a write for "
        + "each request.";

    public async Task<IReadOnlyList<Count>> CountAsync(string storage, CancellationToken cancellationToken)
    {
        List<Count> counts = [];
        foreach (var pattern in (Pattern[])[Pattern.Steady, Pattern.Burst])
        {
            foreach (var sendsTokens in (bool[])[false, true])
            {
                foreach (var instances in Instances)
                {
                    counts.AddRange(await CountAsync(storage, pattern, instances, sendsTokens, cancellationToken));
                }
            }
        }

        return counts;
    }

    private static async Task<IEnumerable<Count>> CountAsync(
        string storage, Pattern pattern, int instances, bool sendsTokens, CancellationToken cancellationToken)
    {
        var (requests, _) = await ActiveUsers.CountAsync(
            storage, pattern, instances, Users, Windows, sendsTokens, change: null, cancellationToken);
        var name = $"{pattern.Name}, {(sendsTokens ? "with token" : "without token")}, {(instances == 1 ? "1 instance" : $"{instances} instances")}";

        // Which instance is called first after a window depends on more than the seed.
        var isRace = pattern.AtOnce > 1 && instances > 1;
        var all = new Count(name, requests.All, GoalOf(pattern, instances, sendsTokens)) { Spread = isRace ? 0.15 : 0.05 };
        if (!isRace)
        {
            return [all];
        }

        return [all, new($"{name}, refused writes", requests.Refused, sendsTokens ? Goal.AtMost(0.1) : null) { Spread = 0.25, Least = 0.1 }];
    }

    private static Goal? GoalOf(Pattern pattern, int instances, bool sendsTokens) =>
        sendsTokens ? Goal.AtMost(pattern == Pattern.Steady ? 1.0 : 1.1)
        : pattern == Pattern.Steady ? Goal.AtMost(instances)
        : null;
}
