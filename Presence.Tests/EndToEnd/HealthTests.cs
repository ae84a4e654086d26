using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Presence.LocalHost.Azurite;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class HealthTests
{
    [Theory, InlineData("health"), InlineData("health/ready")]
    public async Task AnybodyMayAskWhetherAllIsWell(string path)
    {
        var system = await Target.AnyAsync();

        var answer = await system.Nobody.GetAsync(path);
        var head = await system.Nobody.SendAsync(HttpMethod.Head, path);

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task ReadyNamesEachDependency()
    {
        Target.SkipElsewhere("knows what the system depends on");
        var system = await Target.AnyAsync();

        var answer = await system.Nobody.GetAsync("health/ready");

        Assert.Equal("""{"status":"Healthy","dependencies":{"storage":"Healthy","signalr":"Healthy"}}""", answer.Body);
    }

    [Fact]
    public async Task WhatIsAwayIsNamedUntilItIsBack()
    {
        Target.SkipElsewhere("stops the storage");
        var azurite = await StartAsync(port: 0);
        try
        {
            await using var system = await Target.OwnAsync(
                new()
                {
                    Storage = azurite.ConnectionString,
                    SignalR = "Endpoint=http://127.0.0.1;Port=9;AccessKey=a-key-of-nobody-that-is-long-enough;Version=1.0;",
                    Settings = new Dictionary<string, string>
                    {
                        ["Presence__Authentication__SigningKey"] = "",
                        ["Presence__Authentication__Audience"] = "presence",
                        ["Presence__Authentication__Authority"] = "http://127.0.0.1:9",
                    },
                });

            Assert.Equal(("Healthy", "Unhealthy", "Unhealthy"), await AwayAsync(system));
            await azurite.DisposeAsync();
            await Eventually.BecomesTrueAsync(async () => (await AwayAsync(system)).Storage == "Unhealthy", "it is noticed that the storage is gone");
            Assert.Equal(HttpStatusCode.OK, (await system.Nobody.GetAsync("health")).Status);

            azurite = await StartAsync(azurite.TableEndpoint.Port);
            await Eventually.BecomesTrueAsync(async () => (await AwayAsync(system)).Storage == "Healthy", "it is noticed that the storage is back");
        }
        finally
        {
            await azurite.DisposeAsync();
        }
    }

    private static async Task<(string? Storage, string? SignalR, string? Identity)> AwayAsync(PresenceSystem system)
    {
        var answer = await system.Nobody.GetAsync("health/ready");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.DoesNotContain("127.0.0.1", answer.Body, StringComparison.Ordinal);
        var dependencies = answer.Json.GetProperty("dependencies");
        return (Of("storage"), Of("signalr"), Of("identity"));

        string? Of(string name) => dependencies.GetProperty(name).GetString();
    }

    private static Task<AzuriteServer> StartAsync(int port) => AzuriteServer.StartAsync(
        new() { Port = port }, NullLogger<AzuriteServer>.Instance, TestContext.Current.CancellationToken);
}
