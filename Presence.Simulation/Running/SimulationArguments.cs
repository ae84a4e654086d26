using System.Globalization;

namespace Presence.Simulation.Running;

/// <summary>What the command was asked to do.</summary>
internal sealed record SimulationArguments
{
    /// <summary>How many schedules to run.</summary>
    public int Schedules { get; init; } = 1000;

    /// <summary>The seed of the first; each further one has the next.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The seed of the one schedule to run again and to print; null to run many.</summary>
    public ulong? Replay { get; init; }

    /// <summary>After so many minutes no further schedule begins; null for no limit.</summary>
    public double? Minutes { get; init; }

    /// <summary>After so many failures no further schedule begins.</summary>
    public int Failures { get; init; } = 1;

    /// <summary>Over how many processes the schedules are spread: each has but one thread.</summary>
    public int Processes { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether the hash of each schedule is printed.</summary>
    public bool PrintsHashes { get; init; }

    /// <summary>The command line of one of the processes over which the schedules are spread.</summary>
    public IEnumerable<string> OfProcess(int index)
    {
        var first = (int)((long)Schedules * index / Processes);
        var next = (int)((long)Schedules * (index + 1) / Processes);
        yield return "--seed";
        yield return (Seed + (ulong)first).ToString(CultureInfo.InvariantCulture);
        yield return "--schedules";
        yield return (next - first).ToString(CultureInfo.InvariantCulture);
        yield return "--failures";
        yield return Failures.ToString(CultureInfo.InvariantCulture);
        yield return "--processes";
        yield return "1";
        if (Minutes is { } minutes)
        {
            yield return "--minutes";
            yield return minutes.ToString(CultureInfo.InvariantCulture);
        }

        if (PrintsHashes)
        {
            yield return "--hashes";
        }
    }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentException">There is no such option, or it has no value.</exception>
    public static SimulationArguments Parse(IReadOnlyList<string> args)
    {
        var parsed = new SimulationArguments();
        for (var i = 0; i < args.Count; i++)
        {
            string Value() => ++i < args.Count ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");
            parsed = args[i] switch
            {
                "--schedules" => parsed with { Schedules = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--seed" => parsed with { Seed = ulong.Parse(Value(), CultureInfo.InvariantCulture) },
                "--replay" => parsed with { Replay = ulong.Parse(Value(), CultureInfo.InvariantCulture) },
                "--minutes" => parsed with { Minutes = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--failures" => parsed with { Failures = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--processes" => parsed with { Processes = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--hashes" => parsed with { PrintsHashes = true },
                var other => throw new ArgumentException(
                    $"There is no option {other}; there are --schedules, --seed, --replay, --minutes, --failures, --processes and --hashes."),
            };
        }

        return parsed;
    }
}
