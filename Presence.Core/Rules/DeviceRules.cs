using System.Collections.Immutable;
using Presence.Core.Domain;

namespace Presence.Core.Rules;

/// <summary>Where the clients of connections run, and how one of them is signed out.</summary>
internal static class DeviceRules
{
    /// <summary>The most devices that are remembered as signed out; beyond it the one that was so first is forgotten.</summary>
    private const int MostSignedOut = 16;

    public static Decision OnChanged(Situation situation, PresenceEvent.DeviceChanged changed)
    {
        if (situation.Before.Online is not { } online || online.Connections.Find(changed.ConnectionId) is not { } connection)
        {
            return situation.Unchanged();
        }

        var known = connection.Device ?? new Device();
        var device = known with { Kind = changed.Kind ?? known.Kind, IsForeground = changed.IsForeground ?? known.IsForeground };
        return device == known ? situation.Unchanged() : situation.Stays(online with { Connections = online.Connections.WithDevice(connection.Id, device) });
    }

    /// <summary>
    /// The connection is closed, and what it comes from does not connect again with the credentials it has. Only a client that names its device can be
    /// told from others: any other is closed, and comes back if it wants to.
    /// </summary>
    public static Decision OnSignedOut(Situation situation, string connectionId)
    {
        var (_, before, now, options) = situation;
        if (before.Online is not { } online || online.Connections.Find(connectionId) is not { } connection)
        {
            return situation.Unchanged();
        }

        var ofDevice = connection.Device?.Id is { } device
            ? online.Connections.Open.Where(c => c.Device?.Id == device).Select(c => c.Id).ToImmutableArray()
            : [connectionId];
        var connections = ofDevice.Aggregate(online.Connections, (left, id) => left.ClosedAt(id, now));
        online = ConnectionRules.Closed(online, connections, now);
        if (connection.Device?.Id is { } signedOut)
        {
            var earlier = online.SignedOutDevices.Where(d => d.Id != signedOut && d.At > now - options.CredentialLifetime).TakeLast(MostSignedOut - 1);
            online = online with { SignedOutDevices = [.. earlier, new(signedOut, now)] };
        }

        var closing = new Duty { Connections = ofDevice, Closes = true };
        return connections.Open.IsEmpty ? TimeRules.Settle(situation, online, owes: closing) : situation.Stays(online, closing);
    }
}
