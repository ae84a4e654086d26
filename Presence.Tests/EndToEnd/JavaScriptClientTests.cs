using System.Diagnostics;
using System.Text.RegularExpressions;
using Presence.Core.Options;
using Presence.LocalHost.Azurite;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>The client in <c>clients/js</c>: its own tests, with the packages that its lock file pins.</summary>
public partial class JavaScriptClientTests
{
    private const string Folder = "clients/js";

    [Fact]
    public Task ItsTypesAreAsItsSourcesTestsAndExamplesUseThem() => RunAsync(["node_modules/typescript/bin/tsc", "-p", "."]);

    [Fact]
    public Task ItsUnitTestsPass() => RunAsync(["test/run.mjs", "unit"]);

    [Fact]
    public Task WhatItPublishesIsBuiltAndSmallAndRunsNothingWhenImported() => RunAsync(["test/run.mjs", "package"]);

    [Fact]
    public async Task ItUnderstandsThisSystem()
    {
        await using var system = await Target.OwnAsync();

        await RunAsync(["test/run.mjs", "contract"], system);
    }

    [Fact]
    public async Task TheRecipesDoWhatTheySay()
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.AllowPrivateWebhooks), "true"));

        await RunAsync(["test/recipes.mjs"], system);
    }

    [Fact]
    public void RecipesQuoteTheirOwnFiles()
    {
        foreach (var folder in Directory.GetDirectories(Repository.PathOf("recipes")).Where(f => File.Exists(Path.Combine(f, "README.md"))))
        {
            var files = Directory.GetFiles(folder, "*.mjs").Select(File.ReadAllText).ToList();
            var quotes = Quotes().Matches(File.ReadAllText(Path.Combine(folder, "README.md"))).Select(m => m.Groups[1].Value).ToList();
            Assert.NotEmpty(quotes);
            Assert.All(quotes, quote => Assert.Contains(files, file => file.Contains(quote, StringComparison.Ordinal)));
        }
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Quotes();

    [Fact]
    public async Task TabsOfARealBrowserShareAConnection()
    {
        await using var system = await Target.OwnAsync();

        await RunInBrowserAsync(["test/run.mjs", "chromium"], system);
    }

    /// <summary>Skips the test where there is no browser.</summary>
    internal static async Task RunInBrowserAsync(string[] script, PresenceSystem system) => Assert.SkipWhen(
        Skipped().IsMatch(await RunAsync(script, system)), "no Chromium on this machine, and none could be installed: set PRESENCE_TEST_BROWSER to one");

    [GeneratedRegex("^# skipped [1-9]", RegexOptions.Multiline)]
    private static partial Regex Skipped();

    /// <returns>What was printed. Fails with it where the script does.</returns>
    internal static async Task<string> RunAsync(string[] script, PresenceSystem? system = null)
    {
        var start = new ProcessStartInfo(new NodeTools(null).Node, script)
        {
            WorkingDirectory = await JavaScriptInstallation.EnsureAsync(Folder),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (system is not null)
        {
            start.Environment["PRESENCE_URL"] = system.Host.BaseAddress.AbsoluteUri.TrimEnd('/');
            start.Environment["PRESENCE_KEY"] = system.Backend.Credentials.Value;
        }

        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, $"{await output}{await errors}");
        return await output;
    }
}
