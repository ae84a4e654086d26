namespace Presence.Tests.EndToEnd.Harness;

/// <summary>Several instances of one system: one table, one SignalR Service, whose events go to the first.</summary>
internal sealed class Instances : IAsyncDisposable
{
    private readonly List<PresenceSystem> _all = [];

    public IReadOnlyList<PresenceSystem> All => _all;

    public PresenceSystem First => _all[0];

    public static async Task<Instances> StartAsync(int count, RecordedWrites? writes = null, params (string Name, string Value)[] settings)
    {
        var instances = new Instances();
        instances._all.Add(await Target.OwnAsync(new() { Services = services => writes?.AddTo(services) }, settings));
        for (var i = 1; i < count; i++)
        {
            var parts = LocalParts.SharedWith(instances.First) with { Services = services => writes?.AddTo(services) };
            instances._all.Add(await PresenceSystem.StartAsync(parts, settings));
        }

        return instances;
    }

    /// <summary>The user as it calls each of the instances.</summary>
    public User[] Everywhere(string name)
    {
        var id = First.NewUser(name).Id;
        return [.. _all.Select(system => system.UserOf(id))];
    }

    /// <summary>The last to start stops first: the first one brought the SignalR Service.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var system in Enumerable.Reverse(_all))
        {
            await system.DisposeAsync();
        }
    }
}
