using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class TransportTests
{
    public static TheoryData<HttpTransportType> Transports =>
        [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];

    [Theory, MemberData(nameof(Transports))]
    public async Task ARedirectedClientReceivesMessages(HttpTransportType transport)
    {
        await using var harness = await StartAsync();
        var client = await harness.ConnectAsync("ann", transport: transport);

        await harness.Service.SendToUserAsync(
            TestHub, "ann", TestClient.News, [new { text = "hello" }], TestContext.Current.CancellationToken);

        Assert.Equal("hello", (await client.NextAsync()).GetProperty("text").GetString());
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task WhatAClientSendsArrivesUpstream(HttpTransportType transport)
    {
        await using var harness = await StartAsync();
        var client = await harness.ConnectAsync("ann", transport: transport);

        await client.Connection.SendAsync("typing", new { room = 7 }, "x", TestContext.Current.CancellationToken);

        var message = await harness.Application.Events.NextAsync();
        Assert.Equal(("messages", "typing", client.Id), (message.Category, message.Event, message.ConnectionId));
        Assert.Equal("""[{"room":7},"x"]""", message.Json.GetProperty("arguments").GetRawText());
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task AnInvokingClientGetsTheAnswerFromUpstream(HttpTransportType transport)
    {
        await using var harness = await StartAsync();
        harness.Application.Answer = call => call.Event == "sum"
            ? JsonSerializer.Serialize(new { type = 3, invocationId = call.Json.GetProperty("invocationId"), result = 5 }) + "\u001e"
            : "";
        var client = await harness.ConnectAsync(transport: transport);

        var result = await client.Connection.InvokeAsync<int>("sum", 2, 3, TestContext.Current.CancellationToken).InTime();

        Assert.Equal(5, result);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task AClientThatStopsIsReportedAndGone(HttpTransportType transport)
    {
        await using var harness = await StartAsync();
        var client = await harness.ConnectAsync("ann", transport: transport);
        var id = client.Id;

        await client.Connection.StopAsync(TestContext.Current.CancellationToken).InTime();

        var last = await harness.Application.Events.NextAsync();
        Assert.Equal(("connections", "disconnected", id), (last.Category, last.Event, last.ConnectionId));
        Assert.False(await harness.Service.ConnectionExistsAsync(TestHub, id, TestContext.Current.CancellationToken));
    }
}
