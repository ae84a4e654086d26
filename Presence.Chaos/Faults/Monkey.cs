using System.Globalization;
using Presence.Chaos.Processes;

namespace Presence.Chaos.Faults;

/// <summary>Has one thing after the other go wrong, as its seed says.</summary>
internal sealed class Monkey(Fleet fleet, ActiveFaults faults, FaultLog log, Live live, TimeProvider time, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Task> _underWay = [];
    private readonly HashSet<int> _hurt = [];
    private readonly Lock _gate = new();

    public int Kills { get; private set; }

    public int Pauses { get; private set; }

    public int Mishaps { get; private set; }

    /// <summary>Returns at the end of the time given, with everything in order again.</summary>
    public async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + duration;
        try
        {
            while (time.GetUtcNow() < end)
            {
                Act(cancellationToken);
                await Task.Delay(Seconds(0.5, 2.5), time, cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(_underWay);
            faults.Lift();
        }

        await fleet.StartAllAsync(cancellationToken);
    }

    private void Act(CancellationToken cancellationToken)
    {
        // Rolled in any case, so that the rest of the sequence does not depend on what is possible just now.
        var (dice, host, length, rest, percent) =
            (_random.Next(100), _random.Next(fleet.Count), Seconds(1, 3), Seconds(0.2, 2), _random.Next(20, 101));
        var mishap = Mishap.All[_random.Next(Mishap.All.Count)];
        _underWay.RemoveAll(task => task.IsCompletedSuccessfully);
        if (dice < 25)
        {
            _underWay.Add(HurtAsync(host, () => KillAsync(host, rest, cancellationToken)));
        }
        else if (dice < 45 && !OperatingSystem.IsWindows())
        {
            _underWay.Add(HurtAsync(host, () => PauseAsync(host, length, cancellationToken)));
        }
        else if (!_underWay.Exists(task => task is Task<Mishap>))
        {
            _underWay.Add(GoWrongAsync(mishap, percent, length, cancellationToken));
        }
    }

    /// <summary>One host at least is left in peace.</summary>
    private async Task HurtAsync(int host, Func<Task> hurt)
    {
        lock (_gate)
        {
            if (_hurt.Contains(host) || (_hurt.Count + 1 >= fleet.Count && fleet.Count > 1))
            {
                return;
            }

            _hurt.Add(host);
        }

        await hurt();
        lock (_gate)
        {
            _hurt.Remove(host);
        }
    }

    private async Task KillAsync(int host, TimeSpan rest, CancellationToken cancellationToken)
    {
        Kills++;
        live.Say($"kill -9 host {host}");
        fleet.Kill(host);
        await Task.Delay(rest, time, cancellationToken);
        await fleet.StartAsync(host, cancellationToken);
        live.Say($"host {host} is back");
    }

    private async Task PauseAsync(int host, TimeSpan length, CancellationToken cancellationToken)
    {
        Pauses++;
        live.Say(string.Create(CultureInfo.InvariantCulture, $"host {host} stands still for {length.TotalSeconds:0.0} s"));
        fleet.Pause(host);
        try
        {
            await Task.Delay(length, time, cancellationToken);
        }
        finally
        {
            fleet.Resume(host);
        }
    }

    private async Task<Mishap> GoWrongAsync(Mishap mishap, int percent, TimeSpan length, CancellationToken cancellationToken)
    {
        Mishaps++;
        live.Say(string.Create(CultureInfo.InvariantCulture, $"{mishap.Name}: {percent} of 100, for {length.TotalSeconds:0.0} s"));
        var begun = time.GetUtcNow();
        mishap.Begin(faults, percent);
        await Task.Delay(length, time, cancellationToken);
        faults.Lift();
        log.Add(begun, time.GetUtcNow());
        return mishap;
    }

    private TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + (_random.NextDouble() * (most - least)));
}
