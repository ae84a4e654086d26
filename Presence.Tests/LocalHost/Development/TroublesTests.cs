using System.Net;
using Presence.LocalHost.Hosting;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.LocalHost.Development;

public class TroublesTests
{
    [Fact]
    public async Task StorageAndSignalRStopAndComeBackAndTheirStateIsTold()
    {
        await using var system = await OwnAsync(isWhole: true);
        var page = FromPageOf(system);
        var alice = system.NewUser("alice");

        foreach (var (service, code) in new[] { ("storage", "storage_unavailable"), ("signalR", "") })
        {
            Assert.Equal(0, await SecondsLeftAsync(system, service));
            Assert.InRange((await page.SendAsync(HttpMethod.Post, $"dev/troubles/{service}")).MustBeOk().Json.GetProperty("secondsLeft").GetDouble(), 1, 30);
            Assert.InRange(await SecondsLeftAsync(system, service), 1, 30);
            if (code.Length > 0)
            {
                (await alice.Caller.GetAsync("api/conversations")).MustBe(HttpStatusCode.ServiceUnavailable, code);
            }

            (await page.SendAsync(HttpMethod.Delete, $"dev/troubles/{service}")).MustBeOk();
            Assert.Equal(0, await SecondsLeftAsync(system, service));
            await Eventually.BecomesTrueAsync(
                async () => (await alice.Caller.GetAsync("api/conversations")).Status == HttpStatusCode.OK, $"{service} is back");
        }
    }

    [Fact]
    public async Task PagesOfOtherOriginsAndWhoNamesNoneMakeNone()
    {
        await using var system = await OwnAsync(isWhole: true);

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "dev/troubles/storage"), (HttpMethod.Delete, "dev/troubles/storage"), (HttpMethod.Post, "dev/troubles/signalR"),
            (HttpMethod.Post, "dev/troubles/cut?connectionId=c"),
        })
        {
            foreach (var caller in new[] { system.Nobody, system.Nobody.With("Origin", "http://127.0.0.1:1"), system.Nobody.With("Origin", "null") })
            {
                Assert.Equal(HttpStatusCode.Forbidden, (await caller.SendAsync(method, path)).Status);
            }
        }

        Assert.Equal(0, await SecondsLeftAsync(system, "storage"));
    }

    [Fact]
    public async Task AConnectionIsCutOnce()
    {
        await using var system = await OwnAsync(isWhole: true);
        var alice = system.NewUser("alice");
        await using var listener = await alice.ListenAsync();
        var connections = (await alice.Caller.GetAsync("api/presence/me/connections")).Data.GetProperty("connections");
        var path = $"dev/troubles/cut?connectionId={Assert.Single(connections.EnumerateArray()).GetProperty("connectionId").GetString()}";

        Assert.Equal(HttpStatusCode.NoContent, (await FromPageOf(system).PostAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await FromPageOf(system).PostAsync(path)).Status);
    }

    [Fact]
    public async Task WhatRunsElsewhereIsNotStopped()
    {
        await using var system = await OwnAsync(isWhole: false);

        Assert.False((await system.Nobody.GetAsync("dev/troubles")).Json.GetProperty("storage").GetProperty("isPossible").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await FromPageOf(system).PostAsync("dev/troubles/storage")).Status);
    }

    private static Task<PresenceSystem> OwnAsync(bool isWhole) => Target.OwnAsync(isWhole
        ? new() { Settings = new Dictionary<string, string> { [SettingNames.StorageConnectionString] = "" } }
        : new());

    private static Caller FromPageOf(PresenceSystem system) =>
        system.Nobody.With("Origin", system.Host.BaseAddress.GetLeftPart(UriPartial.Authority));

    private static async Task<double> SecondsLeftAsync(PresenceSystem system, string service) =>
        (await system.Nobody.GetAsync("dev/troubles")).Json.GetProperty(service).GetProperty("secondsLeft").GetDouble();
}
