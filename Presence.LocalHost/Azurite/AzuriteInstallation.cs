using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using Presence.LocalHost.Hosting;

namespace Presence.LocalHost.Azurite;

/// <summary>
/// Azurite as the lock file pins it, installed once per user and lock file. The folder appears under its name only when the
/// installation is whole, so an interrupted one leaves nothing that looks installed.
/// </summary>
internal sealed class AzuriteInstallation(NodeTools tools, string? cacheDirectory, ILogger<AzuriteServer> logger)
{
    private const string PartialSuffix = ".partial";

    private static readonly string Pinned = Path.Combine(AppContext.BaseDirectory, "Azurite", "npm");

    private readonly string _cache = cacheDirectory ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "presence-local-host",
        "azurite");

    public static string Guard => Path.Combine(Pinned, "guard.cjs");

    /// <summary>Installs Azurite where that has not been done yet.</summary>
    /// <returns>The folder that holds <c>node_modules</c>.</returns>
    /// <exception cref="LocalHostStartException">It cannot be installed.</exception>
    public async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        var lockFile = await File.ReadAllBytesAsync(Path.Combine(Pinned, "package-lock.json"), cancellationToken);
        var version = Convert.ToHexStringLower(SHA256.HashData(lockFile))[..16];
        var folder = Path.Combine(_cache, version);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        try
        {
            Directory.CreateDirectory(_cache);
            await using var others = await FileLock.AcquireAsync($"{folder}.lock", cancellationToken);
            if (!Directory.Exists(folder))
            {
                DeletePartial(version);
                await InstallAsync(folder, cancellationToken);
            }

            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LocalHostStartException($"Azurite cannot be installed in {_cache}: {failure.Message}", failure);
        }
    }

    private async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        logger.Installing(folder);
        // Its own name each time: an npm that outlived its local host may still be writing to an earlier one.
        var partial = Directory.CreateDirectory($"{folder}.{Guid.NewGuid():N}{PartialSuffix}").FullName;
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(Pinned, name), Path.Combine(partial, name));
        }

        try
        {
            await RunNpmAsync(partial, cancellationToken);
            Directory.Move(partial, folder);
        }
        catch
        {
            Delete(partial);
            throw;
        }
    }

    private async Task RunNpmAsync(string folder, CancellationToken cancellationToken)
    {
        // The scripts of packages are not needed to run the table service.
        var start = new ProcessStartInfo(tools.Npm, ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Start(start);
        npm.StandardInput.Close();
        try
        {
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = npm.StandardError.ReadToEndAsync(cancellationToken);
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw new LocalHostStartException(
                    $"Azurite cannot be installed: 'npm ci' ended with {npm.ExitCode} ({FirstLine(await errors, await output)}). "
                    + "Check the connection to the npm registry and start again.");
            }
        }
        finally
        {
            if (!npm.HasExited)
            {
                npm.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new LocalHostStartException($"Azurite cannot be installed by {start.FileName}: {failure.Message}", failure);
        }
    }

    private static string FirstLine(params string[] outputs) =>
        outputs.SelectMany(output => output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault() ?? "it said nothing";

    private void DeletePartial(string version)
    {
        foreach (var partial in Directory.EnumerateDirectories(_cache, $"{version}.*{PartialSuffix}"))
        {
            Delete(partial);
        }
    }

    // What cannot be deleted now is no harm, and the next installation tries again.
    private void Delete(string partial)
    {
        try
        {
            Directory.Delete(partial, recursive: true);
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            logger.PartialInUse(partial);
        }
    }
}
