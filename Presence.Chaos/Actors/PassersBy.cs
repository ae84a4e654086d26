using System.Globalization;
using Presence.Chaos.Clients;
using static Presence.Chaos.Actors.Surroundings;

namespace Presence.Chaos.Actors;

/// <summary>One user after the other who calls once and never again: what is told of each at last has no later news to mend it.</summary>
internal sealed class PassersBy(Surroundings surroundings, int number, Random random) : IActor
{
    /// <summary>The longest from one to the next, with a call that is not answered at all.</summary>
    public static readonly TimeSpan Longest = Caller.Patience + TimeSpan.FromSeconds(LongestPause);

    private const double LongestPause = 0.8;

    public async Task RunAsync(CancellationToken stop)
    {
        for (var passer = 0; ; passer++)
        {
            var user = string.Create(CultureInfo.InvariantCulture, $"{Population.PasserPrefix}{number}-{passer}");
            surroundings.Journal.Strangers.Enqueue(user);
            await surroundings.Callers.User(user).SendAsync(HttpMethod.Post, "api/activity", body: null, stop);
            await PauseAsync(random, 0.2, LongestPause, stop);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
