using System.Globalization;
using Presence.Chaos.Clients;
using static Presence.Chaos.Actors.Surroundings;

namespace Presence.Chaos.Actors;

/// <summary>Comes, signs out while its client is connected and reconnects by itself, stays out a while, and comes again by a call.</summary>
internal sealed class Departing(Surroundings surroundings, string user, Random random) : IActor
{
    private readonly Caller _caller = surroundings.Callers.User(user);
    private readonly UncertainCalls _uncertain = new();

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await ComeAsync(stop);
            await using (new LiveConnection(user, _caller, surroundings.Journal))
            {
                await PauseAsync(random, 1, 3, stop);
                var grant = OldGrant.From(await _caller.SendAsync(HttpMethod.Post, "api/negotiate", body: null, stop));
                var left = await SignOutAsync(stop);
                await PauseAsync(random, 0.2, 2, stop);
                await (grant?.UseAsync(TimeSpan.FromSeconds(1), stop) ?? Task.CompletedTask);
                await PauseAsync(random, 2, 4, stop);
                Note(left, until: Now);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task ComeAsync(CancellationToken stop)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var answer = _uncertain.Note(await _caller.SendAsync(HttpMethod.Post, "api/activity", body: null, stop));
            if (answer.IsOk && answer.Text("throttled") == bool.FalseString)
            {
                return;
            }

            await PauseAsync(random, 0.2, 0.4, stop);
        }
    }

    /// <summary>The version with which it left.</summary>
    private async Task<long> SignOutAsync(CancellationToken stop)
    {
        var answer = await _caller.InsistAsync(HttpMethod.Delete, "api/presence/me", body: null, stop);
        return long.Parse(answer.Text("version")!, CultureInfo.InvariantCulture);
    }

    private void Note(long left, DateTimeOffset until)
    {
        if (_uncertain.MayStillArrive)
        {
            surroundings.Journal.AddUnjudged();
        }
        else
        {
            surroundings.Journal.Absences.Enqueue(new(user, "signed out", left, until));
        }
    }
}
