namespace Presence.LocalHost.Hosting;

/// <summary>What the command line says.</summary>
internal sealed record LocalHostArguments(string? Urls, string? DataDirectory)
{
    private const string Usage = "usage: dotnet run --project Presence.LocalHost [-- [--urls http://127.0.0.1:7071] [--data DIRECTORY]]";

    /// <exception cref="LocalHostStartException">An argument is unknown or has no value.</exception>
    public static LocalHostArguments Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new LocalHostArguments(null, null);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right]
                ? (left, right)
                : (arguments[i], i + 1 < arguments.Count ? arguments[++i] : "");
            parsed = name switch
            {
                "--urls" or "--data" when value.Length == 0 => throw new LocalHostStartException($"{name} needs a value; {Usage}"),
                "--urls" => parsed with { Urls = value },
                "--data" => parsed with { DataDirectory = value },
                _ => throw new LocalHostStartException($"unknown argument '{name}'; {Usage}"),
            };
        }

        return parsed;
    }
}
