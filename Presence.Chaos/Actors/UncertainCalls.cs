using Presence.Chaos.Clients;

namespace Presence.Chaos.Actors;

/// <summary>
/// Remembers calls of one user that may still be carried out: a host that stands still has them, and to the system they begin when it
/// goes on.
/// </summary>
internal sealed class UncertainCalls
{
    private static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(15);

    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public bool MayStillArrive => Surroundings.Now - _last < LongestWay;

    public ApiAnswer Note(ApiAnswer answer)
    {
        _last = answer.IsUnknown ? Surroundings.Now : _last;
        return answer;
    }
}
