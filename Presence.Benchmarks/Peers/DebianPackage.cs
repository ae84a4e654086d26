using System.ComponentModel;
using System.Diagnostics;

namespace Presence.Benchmarks.Peers;

/// <summary>Programs of Debian's packages, installed where they are missing.</summary>
internal static class DebianPackage
{
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(10);

    /// <summary>The path of a program.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="folders">Where it is, beside the folders of PATH; <c>*</c> is any folder.</param>
    /// <param name="package">The package that brings it.</param>
    /// <param name="cancellationToken">Ends the installation.</param>
    /// <exception cref="PeerMissingException">It is not there and cannot be installed.</exception>
    public static async Task<string> FindAsync(string program, string folders, string package, CancellationToken cancellationToken)
    {
        if (Find(program, folders) is { } there)
        {
            return there;
        }

        await InstallAsync(package, cancellationToken);
        return Find(program, folders) ?? throw new PeerMissingException($"the package {package} brought no {program}");
    }

    private static async Task InstallAsync(string package, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new PeerMissingException($"{package} is not installed, and only root may install it");
        }

        // The lists of a fresh machine are old or empty.
        await AptAsync(["update", "--quiet"], cancellationToken);
        await AptAsync(["install", "--yes", "--quiet", "--no-install-recommends", package], cancellationToken);
    }

    private static async Task AptAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("apt-get", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";

        // Packages of servers start them only where that is not single-user mode.
        start.Environment["RUNLEVEL"] = "1";
        try
        {
            using var apt = Process.Start(start)!;
            apt.StandardInput.Close();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(InstallWithin);
            var output = apt.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await apt.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await apt.WaitForExitAsync(limit.Token);
            if (apt.ExitCode != 0)
            {
                var first = errors.Split('\n').FirstOrDefault(line => line.Length > 0);
                throw new PeerMissingException($"'apt-get {arguments[0]}' ended with {apt.ExitCode}: {first}");
            }
        }
        catch (Win32Exception e)
        {
            throw new PeerMissingException("it is not installed, and there is no apt-get to install it by", e);
        }
    }

    private static string? Find(string program, string folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(Folders(folders))
            .Select(folder => Path.Combine(folder, program)).LastOrDefault(File.Exists);

    private static IEnumerable<string> Folders(string pattern)
    {
        var parts = pattern.Split('*');
        return parts is [var before, var after]
            ? Directory.Exists(before) ? Directory.EnumerateDirectories(before).Order().Select(folder => folder + after) : []
            : [pattern];
    }
}
