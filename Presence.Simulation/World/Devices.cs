using Presence.Core.Domain;
using Presence.Simulation.Time;

namespace Presence.Simulation.World;

/// <summary>The devices of one user: most clients name theirs, and one that was signed out takes another name with new credentials.</summary>
internal sealed class Devices(User user, Chance chance)
{
    private static readonly string?[] Kinds = ["desktop", Device.Mobile, Device.Mobile, "web", null];
    private int _next = 3;
    private List<string> _ids = [$"{user.Name}-d1", $"{user.Name}-d2"];

    /// <summary>What a client says that connects; null for nothing.</summary>
    public Device? Some() => chance.Next(10) switch
    {
        < 5 => new(chance.Pick(_ids), chance.Pick(Kinds), chance.Pick<bool?>([null, true, false])),
        < 7 => new(Kind: chance.Pick(Kinds)),
        _ => null,
    };

    /// <summary>What a client says of its device later.</summary>
    public Device Changed() => new(Kind: chance.Pick(Kinds), IsForeground: chance.Hit(0.5));

    /// <summary>The user signs in anew.</summary>
    public void Renew()
    {
        if (chance.Hit(0.7))
        {
            _ids = [_ids[1], $"{user.Name}-d{_next++}"];
        }
    }
}
