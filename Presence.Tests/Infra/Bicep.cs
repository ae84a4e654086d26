using System.Diagnostics;

namespace Presence.Tests.Infra;

/// <summary>The Bicep CLI of its package. It gets no settings but those given: what is set where the tests run is not for it.</summary>
internal static class Bicep
{
    private static readonly string CliPath = Repository.Metadata("BicepPath");

    public static string InfraPath { get; } = Repository.PathOf("infra");

    /// <summary>What has no default in main.bicepparam.</summary>
    public static IReadOnlyDictionary<string, string> RequiredSettings { get; } = new Dictionary<string, string>
    {
        ["AZURE_LOCATION"] = "westeurope",
        ["PRESENCE_AUTHORITY"] = "https://login.example.com",
        ["PRESENCE_AUDIENCE"] = "presence-api",
        ["PRESENCE_ALLOWED_ORIGINS"] = "https://app.example.com,https://admin.example.com",
    };

    public static BicepAnswer Run(string folder, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(CliPath, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfDeployment).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    /// <summary>A copy of the sources, for tests that write beside them.</summary>
    public static void CopyInfra(string target)
    {
        foreach (var file in Directory.EnumerateFiles(InfraPath, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(InfraPath, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static bool IsOfDeployment(string name) =>
        name.StartsWith("PRESENCE_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("AZURE_", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a call of the Bicep CLI came to.</summary>
internal sealed record BicepAnswer(int ExitCode, string Output, string Errors);
