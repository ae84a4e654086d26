using Presence.Chaos.Clients;
using static Presence.Chaos.Actors.Surroundings;

namespace Presence.Chaos.Actors;

/// <summary>Calls all the time, and does nothing else: must never be told offline.</summary>
internal sealed class Busy(Surroundings surroundings, string user, Random random) : IActor
{
    private readonly Caller _caller = surroundings.Callers.User(user);

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var begun = Now;
            if ((await _caller.SendAsync(HttpMethod.Post, "api/activity", body: null, stop)).IsOk)
            {
                surroundings.Journal.Activity.Enqueue((user, begun, Now));
            }

            await PauseAsync(random, 0.4, 0.9, stop);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
