using Presence.Core.Options;
using Presence.LocalHost.Hosting;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>The page at the root of the local host, in a real browser: its tests are in <c>clients/js/test/page</c>.</summary>
public class HomePageTests
{
    // What the page stops is the host's own; and it has no key of a backend.
    private static readonly LocalParts Whole = new()
    {
        Settings = new Dictionary<string, string> { [SettingNames.StorageConnectionString] = "", [SettingNames.FunctionKey] = "" },
    };

    [Fact]
    public Task ItsScriptUsesTheClientAsItsTypesSay() =>
        JavaScriptClientTests.RunAsync(["node_modules/typescript/bin/tsc", "-p", "../../LocalHost/Page"]);

    [Fact]
    public Task PeopleSeeEachOtherOnIt() => RunAsync("people");

    [Fact]
    public Task WhoGoesIdleOnItTurnsAway() => RunAsync(
        "idle", (nameof(PresenceOptions.AwayAfter), "00:00:08"), (nameof(PresenceOptions.ThrottleWindow), "00:00:01"));

    [Fact]
    public Task WhatGoesWrongOnItMends() => RunAsync("troubles");

    [Fact]
    public Task ItIsForTheKeyboardAndForScreenReadersAsWell() => RunAsync("accessibility");

    [Fact]
    public Task WhatAllUsersDidIsShownOnAPageBesideIt() => RunAsync("analytics");

    private static async Task RunAsync(string tests, params (string Name, string Value)[] settings)
    {
        await using var system = await Target.OwnAsync(Whole, settings);

        await JavaScriptClientTests.RunInBrowserAsync(["test/run.mjs", "page", tests], system);
    }
}
