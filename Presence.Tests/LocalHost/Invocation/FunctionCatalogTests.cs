using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Presence.LocalHost.Hosting;
using Presence.LocalHost.Invocation.Catalog;

namespace Presence.Tests.LocalHost.Invocation;

public class FunctionCatalogTests
{
    [Fact]
    public void FunctionsAreFoundByNameWithTheirTriggers()
    {
        var catalog = FunctionCatalog.Of([typeof(Good)]);

        Assert.Equal(["Joined", "Read", "Sweep"], catalog.Functions.Select(function => function.Name));
        Assert.Equal(AuthorizationLevel.Function, Assert.Single(catalog.TriggeredBy<HttpFunctionTrigger>()).Trigger.Level);
        Assert.Equal("0 * * * * *", Assert.Single(catalog.TriggeredBy<TimerFunctionTrigger>()).Trigger.Schedule);
        Assert.Equal("chat", Assert.Single(catalog.TriggeredBy<SignalRFunctionTrigger>()).Trigger.Hub);
    }

    [Theory]
    [InlineData(typeof(SameName), "2 functions are named 'twice'")]
    [InlineData(typeof(SameRoute), "'ById' and 'ByName' share the route GET ITEMS/{}")]
    [InlineData(typeof(AllMethods), "'Any' and 'Get' share the route * ITEMS/{}")]
    [InlineData(typeof(SameEvent), "'First' and 'Second' share the SignalR event CHAT/CONNECTIONS/CONNECTED")]
    [InlineData(typeof(TwoTriggers), "2 triggers instead of one")]
    [InlineData(typeof(NoTrigger), "0 triggers instead of one")]
    [InlineData(typeof(UnknownParameter), "parameter 'other' of type String cannot be bound")]
    [InlineData(typeof(UnconvertibleRouteValue), "parameter 'id' of type Stream cannot be bound")]
    [InlineData(typeof(WrongTriggerType), "parameter 'timer' is a String where its trigger brings a TimerInfo")]
    [InlineData(typeof(NotPublic), "must be public")]
    [InlineData(typeof(PlainObject), "returns String, which the Functions host does not send anywhere")]
    [InlineData(typeof(UnmarkedResponse), "property 'Response' of its result needs [HttpResult]")]
    [InlineData(typeof(NoHub), "[SignalROutput] needs a HubName")]
    [InlineData(typeof(NoAction), "holds neither SignalRMessageAction nor SignalRGroupAction")]
    [InlineData(typeof(OtherConnection), "the only ConnectionStringSetting supported is AzureSignalRConnectionString")]
    [InlineData(typeof(UnknownEvent), "event 'arrived' is neither connected nor disconnected")]
    [InlineData(typeof(BadRoute), "route '{id' is not valid")]
    [InlineData(typeof(BadName), "function 'not a name'")]
    public void WhatTheFunctionsHostWouldNotRunIsRefusedInOneLine(Type functions, string expected)
    {
        var refused = Assert.Throws<LocalHostStartException>(() => FunctionCatalog.Of([functions]));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void OneErrorNamesEveryProblem()
    {
        var refused = Assert.Throws<LocalHostStartException>(() => FunctionCatalog.Of([typeof(NoTrigger), typeof(SameName)]));

        Assert.Contains("triggers instead of one", refused.Message, StringComparison.Ordinal);
        Assert.Contains("are named 'twice'", refused.Message, StringComparison.Ordinal);
    }

    public static class Good
    {
        [Function("Read")]
        public static IResult Read([HttpTrigger(AuthorizationLevel.Function, "get", Route = "items/{id}")] HttpRequest request, int id) =>
            Results.Ok((request.Path, id));

        [Function("Sweep")]
        public static void Sweep([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("Joined")]
        public static void Joined([SignalRTrigger("chat", "connections", "connected")] SignalRInvocationContext context) =>
            Assert.NotNull(context);
    }

    public static class SameName
    {
        [Function("twice")]
        public static void First([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);

        [Function("twice")]
        public static void Second([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);
    }

    public static class SameRoute
    {
        [Function("ById")]
        public static IResult ById([HttpTrigger("get", Route = "items/{id}")] HttpRequest request, string id) =>
            Results.Ok((request.Path, id));

        [Function("ByName")]
        public static IResult ByName([HttpTrigger("post", "get", Route = "Items/{name}")] HttpRequest request) => Results.Ok(request.Path);
    }

    public static class AllMethods
    {
        [Function("Any")]
        public static IResult Any([HttpTrigger(Route = "items/{id}")] HttpRequest request) => Results.Ok(request.Path);

        [Function("Get")]
        public static IResult Get([HttpTrigger("get", Route = "Items/{name}")] HttpRequest request) => Results.Ok(request.Path);

        [Function("Rest")]
        public static IResult Rest([HttpTrigger(Route = "items/{*rest}")] HttpRequest request) => Results.Ok(request.Path);
    }

    public static class SameEvent
    {
        [Function("First")]
        public static void First([SignalRTrigger("chat", "connections", "connected")] SignalRInvocationContext context) =>
            Assert.NotNull(context);

        [Function("Second")]
        public static void Second([SignalRTrigger("Chat", "Connections", "Connected")] SignalRInvocationContext context) =>
            Assert.NotNull(context);
    }

    public static class TwoTriggers
    {
        [Function("both")]
        public static void Both([TimerTrigger("0 * * * * *")] TimerInfo timer, [HttpTrigger] HttpRequest request) =>
            Assert.NotEqual((object)timer, request);
    }

    public static class NoTrigger
    {
        [Function("none")]
        public static void None()
        {
        }
    }

    public static class UnknownParameter
    {
        [Function("unknown")]
        public static IResult Unknown([HttpTrigger(Route = "a/{id}")] HttpRequest request, string other) =>
            Results.Ok((request.Path, other));
    }

    public static class UnconvertibleRouteValue
    {
        [Function("unconvertible")]
        public static IResult Unconvertible([HttpTrigger(Route = "a/{id}")] HttpRequest request, Stream id) =>
            Results.Ok((request.Path, id));
    }

    public static class WrongTriggerType
    {
        [Function("wrong")]
        public static void Wrong([TimerTrigger("0 * * * * *")] string timer) => Assert.NotNull(timer);
    }

    public static class NotPublic
    {
        [Function("hidden")]
        internal static void Hidden([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);
    }

    public static class PlainObject
    {
        [Function("plain")]
        public static string Plain([HttpTrigger] HttpRequest request) => request.Path;
    }

    public static class UnmarkedResponse
    {
        public sealed record Answer(IResult Response)
        {
            [SignalROutput(HubName = "chat")]
            public SignalRMessageAction? Message { get; init; }
        }

        [Function("unmarked")]
        public static Answer Unmarked([HttpTrigger] HttpRequest request) => new(Results.Ok(request.Path));
    }

    public static class NoHub
    {
        [Function("hubless"), SignalROutput]
        public static SignalRMessageAction Hubless([TimerTrigger("0 * * * * *")] TimerInfo timer) => new(timer.ToString()!);
    }

    public static class NoAction
    {
        [Function("actionless"), SignalROutput(HubName = "chat")]
        public static string Actionless([TimerTrigger("0 * * * * *")] TimerInfo timer) => timer.ToString()!;
    }

    public static class OtherConnection
    {
        [Function("other")]
        public static void Other(
            [SignalRTrigger("chat", "connections", "connected", ConnectionStringSetting = "Other")] SignalRInvocationContext context) =>
            Assert.NotNull(context);
    }

    public static class UnknownEvent
    {
        [Function("arrived")]
        public static void Arrived([SignalRTrigger("chat", "connections", "arrived")] SignalRInvocationContext context) =>
            Assert.NotNull(context);
    }

    public static class BadRoute
    {
        [Function("bad")]
        public static IResult Bad([HttpTrigger(Route = "{id")] HttpRequest request) => Results.Ok(request.Path);
    }

    public static class BadName
    {
        [Function("not a name")]
        public static void Bad([TimerTrigger("0 * * * * *")] TimerInfo timer) => Assert.NotNull(timer);
    }
}
