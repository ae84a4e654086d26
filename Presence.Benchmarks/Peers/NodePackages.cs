using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using Presence.LocalHost.Azurite;
using Presence.LocalHost.Hosting;

namespace Presence.Benchmarks.Peers;

/// <summary>The npm packages of a folder beside the program, as its lock file pins them, installed on first use.</summary>
internal static class NodePackages
{
    /// <returns>The folder.</returns>
    /// <exception cref="PeerMissingException">They cannot be installed.</exception>
    public static async Task<string> EnsureAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(AppContext.BaseDirectory, folder);
        var pinned = SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(path, "package-lock.json"), cancellationToken));

        // Named for what is pinned, and written last: an interrupted installation or one of other versions does not count.
        var mark = Path.Combine(path, $"{Convert.ToHexStringLower(pinned)[..16]}.installed");
        if (!File.Exists(mark))
        {
            await InstallAsync(path, cancellationToken);
            await File.WriteAllTextAsync(mark, "", cancellationToken);
        }

        return path;
    }

    /// <summary>The program that runs them.</summary>
    /// <exception cref="PeerMissingException">There is none.</exception>
    public static string Node => Find(tools => tools.Node);

    private static async Task InstallAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var npm = Process.Start(new ProcessStartInfo(
                Find(tools => tools.Npm), ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            {
                WorkingDirectory = path,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = await npm.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw new PeerMissingException($"'npm ci' ended with {npm.ExitCode}: {errors.Split('\n').FirstOrDefault(line => line.Length > 0)}");
            }
        }
        catch (Win32Exception e)
        {
            throw new PeerMissingException($"npm cannot be started: {e.Message}", e);
        }
    }

    private static string Find(Func<NodeTools, string> tool)
    {
        try
        {
            return tool(new NodeTools(null));
        }
        catch (LocalHostStartException e)
        {
            throw new PeerMissingException("Node.js is not installed", e);
        }
    }
}
