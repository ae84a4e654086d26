using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Presence.Tests.LocalHost.Invocation;

public class UpstreamWebhookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AConnectedEventIsHandedToItsFunction()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(host, Event("CHAT", "Connections", "Connected", request =>
        {
            request.Headers.Add("X-ASRS-User-Id", "alice");
            request.Headers.Add("X-ASRS-User-Claims", "role: admin, nonsense, role: guest, url: http://x");
            request.Headers.Add("X-ASRS-Client-Query", "?hub=chat&tag=a&tag=b");
        }));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var context = await host.Probe.NextAsync<SignalRInvocationContext>();
        Assert.Equal("CHAT", context.Hub);
        Assert.Equal(SignalRInvocationCategory.Connections, context.Category);
        Assert.Equal("Connected", context.Event);
        Assert.Equal("c1", context.ConnectionId);
        Assert.Equal("alice", context.UserId);
        Assert.Equal("admin", context.Claims["role"]);
        Assert.Equal("http://x", context.Claims["url"]);
        Assert.Equal(2, context.Claims.Count);
        Assert.Equal(["a", "b"], context.Query["tag"].ToArray());
        Assert.Equal("c1", context.Headers["X-ASRS-Connection-Id"]);
        Assert.Null(context.Error);
        Assert.Null(context.Arguments);
        Assert.Equal(["chat: Add everybody"], host.SignalR.Sent);
    }

    [Fact]
    public async Task WhatTheServiceDoesNotSendIsNull()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(host, Event("chat", "connections", "connected"));

        var context = await host.Probe.NextAsync<SignalRInvocationContext>();
        Assert.Null(context.UserId);
        Assert.Null(context.Claims);
        Assert.Null(context.Query);
    }

    [Fact]
    public async Task ADisconnectedEventTellsTheError()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(
            host, Event("chat", "connections", "disconnected", request => request.Content = Json("{\"type\":11,\"error\":\"too slow\"}")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("too slow", (await host.Probe.NextAsync<SignalRInvocationContext>()).Error);
    }

    [Fact]
    public async Task AMessageBringsArgumentsAndTakesTheResultBack()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(host, Event("chat", "messages", "say", request => request.Content =
            Json("{\"type\":1,\"invocationId\":\"7\",\"target\":\"say\",\"arguments\":[\"hello\",{\"count\":3}]}\u001e")));

        Assert.Equal(
            "{\"type\":3,\"invocationId\":\"7\",\"result\":\"hello 3\"}\u001e", await response.Content.ReadAsStringAsync(Cancellation));
        var context = await host.Probe.NextAsync<SignalRInvocationContext>();
        Assert.Equal("hello", Assert.IsType<JsonElement>(context.Arguments?[0]).GetString());
    }

    [Fact]
    public async Task AMessageWithTheWrongNumberOfArgumentsFailsTheFunctionButIsReceived()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(host, Event("chat", "messages", "say", request => request.Content =
            Json("{\"type\":1,\"target\":\"say\",\"arguments\":[\"hello\"]}")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("FunctionFailed", Assert.Single(host.Errors).Id.Name);
        Assert.True(host.Probe.SawNothing);
    }

    [Theory]
    [InlineData("connected", HttpStatusCode.Forbidden)]
    [InlineData("disconnected", HttpStatusCode.OK)]
    public async Task AFailedFunctionIsLoggedAndRefusesAConnectionButReceivesItsEnd(string name, HttpStatusCode expected)
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Failing));

        using var response = await SendAsync(host, Event("chat", "connections", name));

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("FunctionFailed", Assert.Single(host.Errors).Id.Name);
    }

    [Fact]
    public async Task OneValidSignatureOfSeveralIsEnough()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));
        var signatures = $"{Signature("another key", "c1")},{Signature(FunctionsHost.AccessKey, "c1").ToUpperInvariant()}";

        using var response = await SendAsync(host, Event("chat", "connections", "connected", signature: signatures));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=zz")]
    [InlineData("sha256=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData("sha256=00112233445566778899aabbccddeeff00112233445566778899aabbccddeezz")]
    public async Task WithoutAValidSignatureNothingRuns(string signature)
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(host, Event("chat", "connections", "connected", signature: signature));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.True(host.Probe.SawNothing);
    }

    [Fact]
    public async Task TheSignatureOfAnotherConnectionIsNotValid()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(
            host, Event("chat", "connections", "connected", signature: Signature(FunctionsHost.AccessKey, "c2")));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task WithoutAnAccessKeyNoSignatureIsValid()
    {
        await using var host = await FunctionsHost.StartAsync(
            [typeof(Chat)], new() { ["AzureSignalRConnectionString"] = "Endpoint=http://localhost;AuthType=azure" });

        using var response = await SendAsync(host, Event("chat", "connections", "connected", signature: Signature("", "c1")));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("other", "connections", "connected", HttpStatusCode.NotFound)]
    [InlineData("chat", "messages", "unknown", HttpStatusCode.NotFound)]
    [InlineData("chat", "connections", "", HttpStatusCode.BadRequest)]
    public async Task AnEventThatNobodyWaitsForIsRefused(string hub, string category, string name, HttpStatusCode expected)
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(host, Event(hub, category, name));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task OnlyJsonIsRead()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(
            host,
            Event("chat", "connections", "connected", request => request.Content = new StringContent("x", Encoding.UTF8, "text/plain")));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task ABodyThatCannotBeReadIsAnErrorAndLogged()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Chat));

        using var response = await SendAsync(
            host, Event("chat", "connections", "disconnected", request => request.Content = Json("{\"error\":")));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("UpstreamBodyInvalid", Assert.Single(host.Errors).Id.Name);
    }

    private static Task<HttpResponseMessage> SendAsync(FunctionsHost host, HttpRequestMessage request) =>
        host.Client.SendAsync(request, Cancellation);

    private static HttpRequestMessage Event(
        string hub, string category, string name, Action<HttpRequestMessage>? configure = null, string? signature = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "runtime/webhooks/signalr") { Content = Json("") };
        request.Headers.Add("X-ASRS-Hub", hub);
        request.Headers.Add("X-ASRS-Category", category);
        request.Headers.Add("X-ASRS-Event", name);
        request.Headers.Add("X-ASRS-Connection-Id", "c1");
        request.Headers.Add("X-ASRS-Signature", signature ?? Signature(FunctionsHost.AccessKey, "c1"));
        configure?.Invoke(request);
        return request;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Signature(string key, string connectionId) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(connectionId)));

    public sealed class Chat(Probe probe)
    {
        public sealed record Parcel(int Count);

        [Function("Connected"), SignalROutput(HubName = "chat")]
        public SignalRGroupAction Connected([SignalRTrigger("chat", "connections", "connected")] SignalRInvocationContext context)
        {
            probe.Saw(context);
            return new SignalRGroupAction(SignalRGroupActionType.Add) { ConnectionId = context.ConnectionId, GroupName = "everybody" };
        }

        [Function("Disconnected")]
        public Task Disconnected([SignalRTrigger("chat", "connections", "disconnected")] SignalRInvocationContext context)
        {
            probe.Saw(context);
            return Task.CompletedTask;
        }

        [Function("Say")]
        public string Say(
            [SignalRTrigger("chat", "messages", "say", "text", "parcel")] SignalRInvocationContext context, string text, Parcel parcel)
        {
            probe.Saw(context);
            return $"{text} {parcel.Count}";
        }
    }

    public static class Failing
    {
        [Function("Connected")]
        public static void Connected([SignalRTrigger("chat", "connections", "connected")] SignalRInvocationContext context) =>
            throw new InvalidOperationException(context.ConnectionId);

        [Function("Disconnected")]
        public static void Disconnected([SignalRTrigger("chat", "connections", "disconnected")] SignalRInvocationContext context) =>
            throw new InvalidOperationException(context.ConnectionId);
    }
}
