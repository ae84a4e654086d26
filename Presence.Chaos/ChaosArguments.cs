using System.Globalization;

namespace Presence.Chaos;

/// <summary>What the command line says.</summary>
/// <param name="Duration">How long things go wrong; the settling time comes on top.</param>
/// <param name="Hosts">How many local hosts.</param>
/// <param name="Users">How many users, beside the watchers.</param>
/// <param name="Seed">Decides what goes wrong, and when.</param>
/// <param name="Logs">A directory for what the hosts write; null keeps nothing.</param>
internal sealed record ChaosArguments(TimeSpan Duration, int Hosts, int Users, int Seed, string? Logs)
{
    private const string Usage =
        "usage: dotnet run --project Presence.Chaos [-- [--minutes N | --seconds N] [--hosts N] [--users N] [--seed N] [--logs DIRECTORY]]";

    private static readonly ChaosArguments Default = new(TimeSpan.FromSeconds(60), Hosts: 3, Users: 24, Seed: 0, Logs: null);

    /// <exception cref="ArgumentException">An argument is unknown, or its value is not fit.</exception>
    public static ChaosArguments Parse(IReadOnlyList<string> arguments, int seedUnlessGiven)
    {
        var parsed = Default with { Seed = seedUnlessGiven };
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right]
                ? (left, right)
                : (arguments[i], i + 1 < arguments.Count ? arguments[++i] : "");
            parsed = name switch
            {
                "--minutes" => parsed with { Duration = TimeSpan.FromMinutes(Number(name, value, 1, 1_440)) },
                "--seconds" => parsed with { Duration = TimeSpan.FromSeconds(Number(name, value, 1, 86_400)) },
                "--hosts" => parsed with { Hosts = Number(name, value, 1, 16) },
                "--users" => parsed with { Users = Number(name, value, 4, 100) },
                "--seed" => parsed with { Seed = Number(name, value, 0, int.MaxValue) },
                "--logs" when value.Length > 0 => parsed with { Logs = value },
                _ => throw new ArgumentException($"unknown argument or no value: '{arguments[i]}'; {Usage}"),
            };
        }

        return parsed;
    }

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{name} must be a whole number from {least} to {most}; {Usage}");
}
