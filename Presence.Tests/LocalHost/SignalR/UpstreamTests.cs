using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class UpstreamTests
{
    private static readonly TimeSpan AMoment = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnEventTellsWhoseConnectionItIs()
    {
        await using var harness = await StartAsync();

        var ann = await harness.ConnectUnheardAsync("ann smith, é😀", hub: "PresenceHub");

        var connected = await harness.Application.Events.NextAsync();
        Assert.Equal("/upstream/presencehub/connections/connected", connected.Path);
        Assert.Equal("presencehub", connected.Headers["X-ASRS-Hub"]);
        Assert.Equal(("connections", "connected"), (connected.Category, connected.Event));
        Assert.Equal((ann.Id, "ann smith, é😀"), (connected.ConnectionId, connected.UserId));
        Assert.StartsWith("?hub=presencehub&id=", connected.Headers["X-ASRS-Client-Query"], StringComparison.Ordinal);
        Assert.Contains("exp: ", connected.Headers["X-ASRS-User-Claims"], StringComparison.Ordinal);
        Assert.StartsWith("application/json", connected.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(10, connected.Json.GetProperty("type").GetInt32());
    }

    [Fact]
    public async Task AnEventIsSignedWithTheAccessKey()
    {
        await using var harness = await StartAsync();

        var ann = await harness.ConnectUnheardAsync();

        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(harness.Connection.AccessKey), Encoding.UTF8.GetBytes(ann.Id));
        var connected = await harness.Application.Events.NextAsync();
        Assert.Equal("sha256=" + Convert.ToHexStringLower(hash), connected.Headers["X-ASRS-Signature"]);
        Assert.Null(connected.UserId);
    }

    [Fact]
    public async Task NoEventShowsTheToken()
    {
        await using var harness = await StartAsync();
        var token = "";

        await harness.ConnectUnheardAsync("ann", configure: options =>
        {
            options.WebSocketFactory = async (context, cancellationToken) =>
            {
                token = (await context.Options.AccessTokenProvider!())!;
                var socket = new System.Net.WebSockets.ClientWebSocket();
                await socket.ConnectAsync(new Uri($"{context.Uri}&access_token={token}&lang=de"), cancellationToken);
                return socket;
            };
        });

        var connected = await harness.Application.Events.NextAsync();
        Assert.NotEmpty(token);
        Assert.EndsWith("&lang=de", connected.Headers["X-ASRS-Client-Query"], StringComparison.Ordinal);
        Assert.DoesNotContain(token, string.Join('\n', connected.Headers.Values) + connected.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheEventsOfAConnectionKeepTheirOrderThroughFailures()
    {
        await using var harness = await StartAsync(new() { UpstreamRetryDelays = [AMoment, AMoment, AMoment, AMoment] });
        harness.Application.Failures = 3;

        var ann = await harness.ConnectUnheardAsync("ann");
        for (var i = 0; i < 20; i++)
        {
            await ann.Connection.SendAsync("count", i, Cancellation);
        }

        var id = ann.Id;
        Assert.Equal("connected", (await harness.Application.Events.NextAsync()).Event);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i, (await harness.Application.Events.NextAsync()).Json.GetProperty("arguments")[0].GetInt32());
        }

        // Only now: a client that stops does not wait for what it has sent.
        await ann.Connection.StopAsync(Cancellation);
        var last = await harness.Application.Events.NextAsync();
        Assert.Equal((id, "disconnected"), (last.ConnectionId, last.Event));
        Assert.Equal(3, harness.Application.Refused);
    }

    [Fact]
    public async Task AnEventThatCannotBeDeliveredIsDroppedWithAWarning()
    {
        await using var harness = await StartAsync(new() { UpstreamRetryDelays = [AMoment, AMoment] });
        harness.Application.Failures = 3;

        var ann = await harness.ConnectUnheardAsync("ann");
        await ann.Connection.SendAsync("next", Cancellation);

        Assert.Equal("next", (await harness.Application.Events.NextAsync()).Event);
        var warning = Assert.Single(harness.Logs.GetSnapshot(), log => log.Level >= LogLevel.Warning);
        Assert.Contains("connected", warning.Message, StringComparison.Ordinal);
        Assert.Contains("after 3 attempts", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInvocationThatCannotBeDeliveredFailsAtTheClient()
    {
        await using var harness = await StartAsync(new() { UpstreamRetryDelays = [] });
        var ann = await harness.ConnectAsync("ann");
        harness.Application.Failures = 1;

        var error = await Assert.ThrowsAsync<HubException>(() => ann.Connection.InvokeAsync("anything", Cancellation).InTime());

        Assert.Contains("503", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpstreamThatDoesNotAnswerBlocksNoClient()
    {
        await using var harness = await StartAsync();
        using var neverAnswers = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        neverAnswers.Start();
        harness.Emulator.UpstreamUrl = $"http://{neverAnswers.LocalEndpoint}/";

        var ann = await harness.ConnectUnheardAsync("ann");
        await ann.Connection.SendAsync("anything", Cancellation);
        (await neverAnswers.AcceptTcpClientAsync(Cancellation)).Dispose();

        await harness.Service.SendToUserAsync(TestHub, "ann", TestClient.News, ["news"], Cancellation);
        Assert.Equal("news", (await ann.NextAsync()).GetString());
    }

    [Fact]
    public async Task WithoutUpstreamEventsAreIgnoredUntilItIsSet()
    {
        await using var harness = await StartAsync();
        var address = harness.Emulator.UpstreamUrl;
        harness.Emulator.UpstreamUrl = null;
        var ann = await harness.ConnectUnheardAsync("ann");
        await ann.Connection.InvokeAsync("ignored", Cancellation).InTime();

        harness.Emulator.UpstreamUrl = address;
        await ann.Connection.SendAsync("heard", Cancellation);

        Assert.Equal("heard", (await harness.Application.Events.NextAsync()).Event);
        Assert.DoesNotContain(harness.Logs.GetSnapshot(), log => log.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task AnEventIsTriedOnceUnlessAskedOtherwise()
    {
        await using var harness = await StartAsync();
        harness.Application.Failures = 1;

        var ann = await harness.ConnectUnheardAsync("ann");
        await ann.Connection.SendAsync("next", Cancellation);

        Assert.Equal("next", (await harness.Application.Events.NextAsync()).Event);
        Assert.Equal(1, harness.Application.Refused);
    }

    [Fact]
    public async Task WhatIsUnderWayAtTheEndStillArrives()
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync("ann");
        var id = ann.Id;

        await harness.Emulator.DisposeAsync();

        var last = await harness.Application.Events.NextAsync();
        Assert.Equal((id, "disconnected"), (last.ConnectionId, last.Event));
    }

    [Fact]
    public async Task AnUpstreamUrlMustBeAnAddress()
    {
        await using var harness = await StartAsync();

        Assert.Throws<ArgumentException>(() => harness.Emulator.UpstreamUrl = "/runtime/webhooks/signalr");
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new() { UpstreamUrl = "localhost:7071" }));
    }
}
