using Presence.Chaos.Clients;
using static Presence.Chaos.Actors.Surroundings;

namespace Presence.Chaos.Actors;

/// <summary>Is put into a conversation and taken out of it again, and listens all the time.</summary>
internal sealed class Moving : IActor
{
    // Long enough for all that is promised after the removal.
    private static readonly double StaysOut = (ChaosSettings.Promise + ChaosSettings.Margin).TotalSeconds + 3;

    private readonly Surroundings _surroundings;
    private readonly string _user;
    private readonly string _room;
    private readonly Random _random;
    private readonly LiveConnection _connection;
    private bool _isIn;

    public Moving(Surroundings surroundings, string user, string room, Random random)
    {
        (_surroundings, _user, _room, _random) = (surroundings, user, room, random);
        _connection = new(user, surroundings.Callers.User(user), surroundings.Journal);
    }

    private string Path => $"api/conversations/{_room}/members/{_user}";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            _isIn = true;
            await _surroundings.Callers.Backend.InsistAsync(HttpMethod.Put, Path, body: null, stop);
            await PauseAsync(_random, 2, 5, stop);
            var asked = Now;
            var answered = await LeaveAsync(stop);
            await PauseAsync(_random, StaysOut, StaysOut + 3, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _surroundings.Journal.Removals.Enqueue(new(
                _user, _room, asked, answered, stop.IsCancellationRequested ? null : Now, _connection.Listening().Any(span => span.From < asked && span.To is null)));
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>It listens to the end, from outside.</summary>
    public async Task EndOutsideAsync(CancellationToken cancellationToken)
    {
        if (_isIn)
        {
            _surroundings.Journal.Removals.Enqueue(new(_user, _room, Now, await LeaveAsync(cancellationToken), Until: null, Listened: false));
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<DateTimeOffset> LeaveAsync(CancellationToken stop)
    {
        await _surroundings.Callers.Backend.InsistAsync(HttpMethod.Delete, Path, body: null, stop);
        _isIn = false;
        return Now;
    }
}
