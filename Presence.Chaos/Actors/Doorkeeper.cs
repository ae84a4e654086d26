using System.Globalization;
using Presence.Chaos.Clients;
using static Presence.Chaos.Actors.Surroundings;

namespace Presence.Chaos.Actors;

/// <summary>Lets one guest after the other in, and turns it out again while its client is connected and reconnects by itself.</summary>
internal sealed class Doorkeeper(Surroundings surroundings, int number, Random random) : IActor
{
    private readonly UncertainCalls _uncertain = new();

    public async Task RunAsync(CancellationToken stop)
    {
        for (var guest = 0; ; guest++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"guest-{number}-{guest}");
            var session = await surroundings.Callers.Backend.InsistAsync(
                HttpMethod.Post, "api/anonymous-sessions", new { participantId = id }, stop);
            surroundings.Journal.Strangers.Enqueue(session.Text("userId")!);
            var caller = surroundings.Callers.Guest(session.Text("token")!);
            await using (new LiveConnection(session.Text("userId")!, caller, surroundings.Journal))
            {
                _uncertain.Note(await caller.SendAsync(HttpMethod.Post, "api/activity", body: null, stop));
                await PauseAsync(random, 1, 4, stop);
                var grant = OldGrant.From(await caller.SendAsync(HttpMethod.Post, "api/negotiate", body: null, stop));
                await surroundings.Callers.Backend.InsistAsync(HttpMethod.Delete, $"api/anonymous-sessions/{id}", body: null, stop);
                Note(session.Text("userId")!, Now);
                await PauseAsync(random, 1, 3, stop);

                // A session that another instance still trusts may be good for a moment, and then no more.
                await PauseAsync(random, 1, 2, stop);
                await caller.SendAsync(HttpMethod.Post, "api/activity", body: null, stop);
                await (grant?.UseAsync(TimeSpan.FromSeconds(1), stop) ?? Task.CompletedTask);
                await PauseAsync(random, 1, 3, stop);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Note(string guest, DateTimeOffset revoked)
    {
        if (_uncertain.MayStillArrive)
        {
            surroundings.Journal.AddUnjudged();
            return;
        }

        var trusted = revoked + ChaosSettings.SessionCacheFor + TimeSpan.FromSeconds(1);
        surroundings.Journal.Absences.Enqueue(new(guest, "revoked", trusted.ToUnixTimeMilliseconds(), Until: null));
    }
}
