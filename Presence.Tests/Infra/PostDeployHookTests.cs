using System.Diagnostics;
using Presence.Tests.LocalHost;

namespace Presence.Tests.Infra;

/// <summary>The hook against an Azure CLI that does nothing but write down what it is asked.</summary>
public sealed class PostDeployHookTests : IDisposable
{
    private const string Group = "/subscriptions/sub/resourceGroups/rg";

    /// <summary>Answers as the CLI does; the key is there from the call on whose number stands in the file "key-from".</summary>
    private const string FakeCli = """
        #!/bin/sh
        here=$(dirname "$0")
        echo "$*" >> "$here/calls"
        case "$*" in
          *"$(cat "$here/fails-at")"*) cat "$here/fails-with" >&2; exit 1 ;;
        esac
        case "$*" in
          *listKeys*)
            if [ "$(grep -c listKeys "$here/calls")" -lt "$(cat "$here/key-from")" ]; then
              echo "host not running" >&2; exit 1
            fi
            echo present ;;
          *"deployment group create"*) echo '{"properties":"patch"}' ;;
          *"--method patch"*)
            for argument in "$@"; do case "$argument" in @*) cat "${argument#@}" > "$here/body" ;; esac; done ;;
        esac
        """;

    private readonly TemporaryDirectory _folder = new();

    /// <summary>The shells that azd runs a hook with, each with its own version of it.</summary>
    public static TheoryData<string> Shells => ["sh", "pwsh"];

    public static MatrixTheoryData<string, string> Endless => new(
        ["sh", "pwsh"],
        ["ERROR: Forbidden({\"error\":{\"code\":\"AuthorizationFailed\"}})", "ERROR: Not Found({\"error\":{\"code\":\"ResourceNotFound\"}})"]);

    public static MatrixTheoryData<string, (string Step, string Reason)> Failures => new(
        ["sh", "pwsh"],
        [
            ("account show", "not signed in"),
            ("deployment group create", "could not be written"),
            ("--method patch", "did not take the change"),
            ("resource wait", "has not finished"),
        ]);

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Shells))]
    public async Task WithTheKeyThereItIsWrittenAndRead(string shell)
    {
        var (exitCode, output, errors) = await RunAsync(shell, keyFrom: 1);

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.EndsWith("done: SignalR Service tells app of connections.\n", output, StringComparison.Ordinal);
        Assert.Equal("{\"properties\":\"patch\"}", Read("body").Trim());
        Assert.Collection(
            Read("calls").Trim().Split('\n'),
            c => Assert.StartsWith("account show --subscription sub", c, StringComparison.Ordinal),
            c => Assert.StartsWith(
                $"rest --method post --url {Group}/providers/Microsoft.Web/sites/app/host/default/listKeys?api-version=", c, StringComparison.Ordinal),
            c =>
            {
                Assert.StartsWith("deployment group create --subscription sub --resource-group rg ", c, StringComparison.Ordinal);
                Assert.Contains("/upstream-key.bicep --parameters functionAppName=app keyVaultName=kv ", c, StringComparison.Ordinal);
            },
            c => Assert.StartsWith(
                $"rest --method patch --url {Group}/providers/Microsoft.SignalRService/signalR/sigr?api-version=", c, StringComparison.Ordinal),
            c => Assert.StartsWith($"resource wait --ids {Group}/providers/Microsoft.SignalRService/signalR/sigr ", c, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Shells))]
    public async Task AKeyThatComesLaterIsWaitedFor(string shell)
    {
        var (exitCode, _, errors) = await RunAsync(shell, keyFrom: 3);

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.Equal(3, Calls("listKeys"));
        Assert.Equal(1, Calls("deployment group create"));
    }

    [Theory, MemberData(nameof(Shells))]
    public async Task AKeyThatNeverComesEndsItWithTheReason(string shell)
    {
        var (exitCode, _, errors) = await RunAsync(shell, keyFrom: 1000);

        Assert.Equal(1, exitCode);
        Assert.Contains("host not running", errors, StringComparison.Ordinal);
        Assert.Contains("no key signalr_extension after 2 s", errors, StringComparison.Ordinal);
        Assert.Equal(0, Calls("deployment group create"));
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task AStepThatFailsEndsItWithTheReason(string shell, (string Step, string Reason) failure)
    {
        var (exitCode, output, errors) = await RunAsync(shell, keyFrom: 1, failsAt: failure.Step);

        Assert.Equal(1, exitCode);
        Assert.Contains("refused by test", errors, StringComparison.Ordinal);
        Assert.Contains(failure.Reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("done:", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Endless))]
    public async Task WhatWaitingDoesNotMendEndsItAtOnce(string shell, string error)
    {
        var (exitCode, _, errors) = await RunAsync(shell, keyFrom: 1, failsAt: "listKeys", failsWith: error);

        Assert.Equal(1, exitCode);
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.Contains("waiting will not help", errors, StringComparison.Ordinal);
        Assert.Equal(1, Calls("listKeys"));
    }

    [Theory, MemberData(nameof(Shells))]
    public async Task ASettingThatIsMissingIsNamed(string shell)
    {
        var (exitCode, _, errors) = await RunAsync(shell, keyFrom: 1, without: "AZURE_KEY_VAULT_NAME");

        Assert.Equal(1, exitCode);
        Assert.Contains("AZURE_KEY_VAULT_NAME is not set", errors, StringComparison.Ordinal);
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(_folder.Path, file));

    private int Calls(string text) => Read("calls").Split('\n').Count(c => c.Contains(text, StringComparison.Ordinal));

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string shell, int keyFrom, string failsAt = "nothing at all", string failsWith = "refused by test", string? without = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The Azure CLI of the test is a shell script.");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "key-from"), $"{keyFrom}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "fails-at"), failsAt, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "fails-with"), failsWith, TestContext.Current.CancellationToken);
        var cli = Path.Combine(_folder.Path, "az");
        await File.WriteAllTextAsync(cli, FakeCli.ReplaceLineEndings("\n"), TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(cli, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var start = shell == "sh"
            ? new ProcessStartInfo("sh", [Hook("postdeploy.sh")])
            : await PowerShell.StartAsync("-NoProfile", "-File", Hook("postdeploy.ps1"));
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var settings = new Dictionary<string, string?>
        {
            ["PATH"] = _folder.Path + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
            ["AZURE_SUBSCRIPTION_ID"] = "sub",
            ["AZURE_RESOURCE_GROUP"] = "rg",
            ["AZURE_FUNCTION_APP_NAME"] = "app",
            ["AZURE_SIGNALR_NAME"] = "sigr",
            ["AZURE_KEY_VAULT_NAME"] = "kv",
            ["PRESENCE_HOOK_LIMIT_SECONDS"] = "2",
            ["PRESENCE_HOOK_PAUSE_SECONDS"] = "1",
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = name == without ? null : value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }

    private static string Hook(string file) => Path.Combine(Bicep.InfraPath, "hooks", file);
}
