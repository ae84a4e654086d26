using System.Diagnostics;

namespace Presence.Tests.Infra;

/// <summary>PowerShell as the tool manifest of the repository pins it, installed on first use.</summary>
internal static class PowerShell
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static async Task<ProcessStartInfo> StartAsync(params string[] arguments)
    {
        await Installed.Value;
        return Dotnet(["tool", "run", "pwsh", "--", .. arguments]);
    }

    private static ProcessStartInfo Dotnet(string[] arguments) => new("dotnet", arguments) { WorkingDirectory = Repository.Root };

    private static async Task InstallAsync()
    {
        var start = Dotnet(["tool", "restore"]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var restore = Process.Start(start)!;
        var errors = restore.StandardError.ReadToEndAsync();
        var output = await restore.StandardOutput.ReadToEndAsync();
        await restore.WaitForExitAsync();
        if (restore.ExitCode != 0)
        {
            throw new InvalidOperationException($"'dotnet tool restore' ended with {restore.ExitCode}: {await errors}{output}");
        }
    }
}
