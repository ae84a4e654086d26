using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Presence.LocalHost.Azurite;

namespace Presence.Tests;

/// <summary>The npm packages of a folder beside the tests, as its lock file pins them, installed on first use.</summary>
internal static class JavaScriptInstallation
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Installed = new();

    /// <param name="folder">A folder of the tests that holds <c>package-lock.json</c>, as seen from the test project.</param>
    /// <returns>The folder that holds the scripts and what they need.</returns>
    public static Task<string> EnsureAsync(string folder) =>
        Installed.GetOrAdd(folder, _ => new(() => InstallAsync(Path.Combine(AppContext.BaseDirectory, folder)))).Value;

    private static async Task<string> InstallAsync(string folder)
    {
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
