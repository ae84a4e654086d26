using System.Diagnostics;
using System.Security.Cryptography;
using Presence.LocalHost.Azurite;

namespace Presence.Tests.EndToEnd.Harness;

/// <summary>The JavaScript client as its lock file pins it, installed beside the tests on first use.</summary>
internal static class JavaScriptInstallation
{
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <returns>The folder that holds <c>client.mjs</c> and what it needs.</returns>
    public static Task<string> EnsureAsync() => Installed.Value;

    private static async Task<string> InstallAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "EndToEnd", "js");
        await using var others = await FileLock.AcquireAsync(Path.Combine(folder, "install.lock"), CancellationToken.None);

        // Named for what is pinned, and written last: an interrupted installation or one of other versions does not count.
        var pinned = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))))[..16];
        var mark = Path.Combine(folder, $"{pinned}.installed");
        if (!File.Exists(mark))
        {
            await RunNpmAsync(folder);
            await File.WriteAllTextAsync(mark, "");
        }

        return folder;
    }

    private static async Task RunNpmAsync(string folder)
    {
        using var npm = Process.Start(new ProcessStartInfo(
            new NodeTools(null).Npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"'npm ci' ended with {npm.ExitCode}: {await errors}{await output}");
        }
    }
}
