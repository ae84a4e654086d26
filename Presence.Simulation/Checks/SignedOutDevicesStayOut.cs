using Presence.Simulation.Operations;
using Presence.Simulation.Storage;
using Presence.Simulation.World;

namespace Presence.Simulation.Checks;

/// <summary>A device that was signed out never has a connection again that counts, until its user is erased; and no other goes with it.</summary>
internal sealed class SignedOutDevicesStayOut : Check
{
    private readonly HashSet<(User User, string Device)> _out = [];

    public override void OnCommitted(Commit commit)
    {
        if (commit.After.Profile?.ErasedAt is not null)
        {
            _out.RemoveWhere(one => one.User == commit.User);
        }

        if (commit.By is { Kind: OperationKind.SignOutDevice, Connection: { } connection } && commit.Before.Connections.Find(connection.Id) is { } there)
        {
            var gone = commit.Before.Connections.Open.Where(c => !commit.After.Connections.IsOpen(c.Id)).ToList();
            if (there.Device?.Id is { } device)
            {
                _out.Add((commit.User, device));
            }

            if (gone.Find(c => c.Id != connection.Id && (c.Device?.Id is null || c.Device.Id != there.Device?.Id)) is { Id: { } other })
            {
                Fail($"{commit.By.Name} closes {other} of {commit.User.Name} as well, which is of another device.");
            }
        }

        if (commit.After.Connections.Open.FirstOrDefault(c => c.Device?.Id is { } id && _out.Contains((commit.User, id))) is { Id: { } back })
        {
            Fail($"{back} of {commit.User.Name} is of a device that was signed out.");
        }
    }
}
