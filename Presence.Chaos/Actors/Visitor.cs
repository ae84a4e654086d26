using Presence.Chaos.Clients;
using static Presence.Chaos.Actors.Surroundings;

namespace Presence.Chaos.Actors;

/// <summary>Connects, stays a little, sometimes does something, and goes.</summary>
internal sealed class Visitor(Surroundings surroundings, string user, Random random) : IActor
{
    private readonly Caller _caller = surroundings.Callers.User(user);

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await using (new LiveConnection(user, _caller, surroundings.Journal))
            {
                await PauseAsync(random, 1, 3, stop);
                if (random.Next(3) == 0)
                {
                    await _caller.SendAsync(HttpMethod.Post, "api/activity", body: null, stop);
                }

                await PauseAsync(random, 0.1, 2, stop);
            }

            await PauseAsync(random, 0.2, 4, stop);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
