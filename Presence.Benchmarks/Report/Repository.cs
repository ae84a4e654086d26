using System.Diagnostics;
using System.Reflection;

namespace Presence.Benchmarks.Report;

/// <summary>The sources this was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == nameof(Repository)).Value!;

    /// <summary>The commit, and whether something was changed since.</summary>
    public static string Commit()
    {
        var commit = Git("rev-parse", "--short=12", "HEAD");
        return commit is null ? "unknown"
            : string.IsNullOrEmpty(Git("status", "--porcelain", "--untracked-files=no")) ? commit
            : $"{commit} with changes";
    }

    private static string? Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", Root, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
