using System.Text.RegularExpressions;
using Presence.Tests.LocalHost;

namespace Presence.Tests.Infra;

public sealed partial class WorkflowTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task TheLinterFindsNoFault() => Assert.Equal("", await Workflow.LintAsync(Workflow.File));

    [Fact]
    public async Task TheLinterFindsAFault()
    {
        var faulty = Path.Combine(_directory.Path, "faulty.yml");
        await File.WriteAllTextAsync(
            faulty, Workflow.Text.Replace("needs: [test,", "needs: [tests,"), TestContext.Current.CancellationToken);

        Assert.Contains("needs job \"tests\"", await Workflow.LintAsync(faulty));
    }

    [Fact]
    public void EachActionIsPinnedByItsCommitAndNamesItsVersion()
    {
        var uses = Uses().Matches(Workflow.Text).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, use => Assert.Matches("^[a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9]+[.][0-9]+[.][0-9]+$", use));
    }

    [Fact]
    public void TheWorkflowMayOnlyReadTheSources() =>
        Assert.Equal("\npermissions:\n  contents: read\n\n", Assert.Single(Permissions().Matches(Workflow.Text)).Value);

    [Fact]
    public void ItRunsTheTestsAsTheReadmeDoes()
    {
        const string Command = "dotnet test Presence.Tests";

        Assert.Contains($"\n{Command} ", Repository.Read("README.md"));
        Assert.Contains($"run: {Command} ", Workflow.Text);
    }

    [Fact]
    public void EachScriptItRunsIsThereToBeRun()
    {
        var scripts = Scripts().Matches(Workflow.Text).Select(match => match.Value).ToList();

        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            Assert.StartsWith("#!/usr/bin/env bash\n", Repository.Read(script));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute), script);
        }
    }

    [GeneratedRegex("uses: (.+)")]
    private static partial Regex Uses();

    [GeneratedRegex("\n *permissions:(\n +.+)*\n\n")]
    private static partial Regex Permissions();

    [GeneratedRegex("[.]github/scripts/[a-z-]+[.]sh")]
    private static partial Regex Scripts();
}
