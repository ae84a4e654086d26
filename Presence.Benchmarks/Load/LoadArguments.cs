using System.Globalization;

namespace Presence.Benchmarks.Load;

/// <summary>What the command line says about a load.</summary>
internal sealed record LoadArguments
{
    public const string Usage =
        "usage: dotnet run -c Release --project Presence.Benchmarks -- load (--url URL [--url URL …] | --start K [--restart-every 5m]) --users N "
        + "[--connections M] [--think 30s] [--minutes T | --seconds T] [--hosts K] [--signing-key KEY --audience NAME] [--function-key KEY] "
        + "[--pid ID …] [--logs DIRECTORY]";

    /// <summary>The hosts that are called; none where they are started.</summary>
    public IReadOnlyList<Uri> Urls { get; private init; } = [];

    /// <summary>How many local hosts are started for it; 0 where they are given.</summary>
    public int Start { get; private init; }

    /// <summary>How often one of those is killed and started anew; null for never.</summary>
    public TimeSpan? RestartEvery { get; private init; }

    public int Users { get; private init; }

    /// <summary>How many of the users are connected as well.</summary>
    public int Connections { get; private init; }

    /// <summary>From one call of a user to the next, on average.</summary>
    public TimeSpan Think { get; private init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Duration { get; private init; } = TimeSpan.FromMinutes(1);

    /// <summary>Over how many of the hosts each user's calls go; null for all.</summary>
    public int? Hosts { get; private init; }

    /// <summary>The key that signs tokens; null asks the local host for them.</summary>
    public string? SigningKey { get; private init; }

    public string? Audience { get; private init; }

    /// <summary>The key of the functions for operators; null where none is asked for.</summary>
    public string? FunctionKey { get; private init; }

    /// <summary>Processes of given hosts on this machine, whose memory is looked at.</summary>
    public IReadOnlyList<int> ProcessIds { get; private init; } = [];

    /// <summary>A directory for what started hosts write; null keeps nothing.</summary>
    public string? Logs { get; private init; }

    /// <exception cref="ArgumentException">An argument is unknown, or its value is not fit; the message names it and its limits.</exception>
    public static LoadArguments Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new LoadArguments();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right]
                ? (left, right)
                : (arguments[i], i + 1 < arguments.Count ? arguments[++i] : "");
            parsed = parsed.With(name, value);
        }

        parsed.ThrowIfUnfit();
        return parsed;
    }

    private LoadArguments With(string name, string value) => name switch
    {
        "--url" => this with { Urls = [.. Urls, Address(name, value)] },
        "--start" => this with { Start = Number(name, value, 1, 16) },
        "--restart-every" => this with { RestartEvery = Time(name, value, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)) },
        "--users" => this with { Users = Number(name, value, 1, 100_000) },
        "--connections" => this with { Connections = Number(name, value, 0, 20_000) },
        "--think" => this with { Think = Time(name, value, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)) },
        "--minutes" => this with { Duration = TimeSpan.FromMinutes(Number(name, value, 1, 1_440)) },
        "--seconds" => this with { Duration = TimeSpan.FromSeconds(Number(name, value, 1, 86_400)) },
        "--hosts" => this with { Hosts = Number(name, value, 1, 16) },
        "--signing-key" => this with { SigningKey = Text(name, value) },
        "--audience" => this with { Audience = Text(name, value) },
        "--function-key" => this with { FunctionKey = Text(name, value) },
        "--pid" => this with { ProcessIds = [.. ProcessIds, Number(name, value, 1, int.MaxValue)] },
        "--logs" => this with { Logs = Text(name, value) },
        _ => throw Unfit($"unknown argument '{name}'"),
    };

    private void ThrowIfUnfit()
    {
        var hosts = Start + Urls.Count;
        var reason =
            Urls.Count > 0 == Start > 0 ? "give either --url, once or several times, or --start"
            : Users == 0 ? "--users is missing: a whole number from 1 to 100,000"
            : Connections > Users ? $"--connections must be at most --users, {Users}"
            : Hosts > hosts ? $"--hosts must be at most as many as there are, {hosts}"
            : RestartEvery is not null && Start < 2 ? "--restart-every needs --start of 2 or more: one host always runs"
            : SigningKey is null != Audience is null ? "--signing-key and --audience belong together"
            : ProcessIds.Count > 0 && Start > 0 ? "--pid is for hosts given by --url: those started are known"
            : null;
        if (reason is not null)
        {
            throw Unfit(reason);
        }
    }

    private static Uri Address(string name, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { Query: "", Fragment: "" }
            ? new Uri(url.AbsoluteUri.TrimEnd('/') + "/")
            : throw Unfit($"{name} must be the address of a host, such as http://127.0.0.1:7071");

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Unfit(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {least:#,0} to {most:#,0}"));

    private static TimeSpan Time(string name, string value, TimeSpan least, TimeSpan most) =>
        DurationText.Parse(value) is { } time && time >= least && time <= most
            ? time
            : throw Unfit($"{name} must be a time such as 500ms, 30s or 5m, from {DurationText.Of(least)} to {DurationText.Of(most)}");

    private static string Text(string name, string value) => value.Length > 0 ? value : throw Unfit($"{name} needs a value");

    private static ArgumentException Unfit(string reason) => new($"{reason}; {Usage}");
}
