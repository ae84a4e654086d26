using Presence.Chaos.Clients;
using Presence.Chaos.Judgement;

namespace Presence.Chaos.Actors;

/// <summary>What an actor acts on.</summary>
/// <param name="Callers">Makes callers of the hosts.</param>
/// <param name="Journal">Where it writes what it saw.</param>
internal sealed record Surroundings(Callers Callers, Journal Journal)
{
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static Task PauseAsync(Random random, double least, double most, CancellationToken stop) => Task
        .Delay(TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least))), TimeProvider.System, stop);
}
