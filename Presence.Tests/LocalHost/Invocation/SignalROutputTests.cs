using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Presence.Tests.LocalHost.Invocation;

public class SignalROutputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OutputsAreSentInOrderBeforeTheResponse()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Outputs));

        Assert.Equal("answer", await host.Client.GetStringAsync("several", Cancellation));

        Assert.Equal(["chat: first", "chat: second", "chat: Add room", "chat: Remove room", "chat: third"], host.SignalR.Sent);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task ANullIsNoOutput()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Outputs));

        Assert.Equal("answer", await host.Client.GetStringAsync("none", Cancellation));

        Assert.Empty(host.SignalR.Sent);
    }

    [Fact]
    public async Task AnOutputOfTheMethodIsItsReturnValue()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Outputs));

        Assert.Equal("", await host.Client.GetStringAsync("method", Cancellation));

        Assert.Equal(["chat: returned"], host.SignalR.Sent);
    }

    [Fact]
    public async Task AFailedOutputIsLoggedAndLeavesTheResponseAndTheOtherOutputs()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Outputs));

        using var response = await host.Client.GetAsync("failing", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("answer", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["chat: before", "chat: Add room"], host.SignalR.Sent);
        var error = Assert.Single(host.Errors);
        Assert.Equal("FunctionOutputFailed", error.Id.Name);
        Assert.IsType<HttpRequestException>(error.Exception?.InnerException);
    }

    public static class Outputs
    {
        public sealed class Answer
        {
            [HttpResult]
            public IResult Response { get; init; } = Results.Text("answer");

            [SignalROutput(HubName = "chat")]
            public SignalRMessageAction[]? Messages { get; init; }

            [SignalROutput(HubName = "chat")]
            public IEnumerable<SignalRGroupAction>? Groups { get; init; }

            [SignalROutput(HubName = "chat", ConnectionStringSetting = "AzureSignalRConnectionString")]
            public SignalRMessageAction? Message { get; init; }
        }

        [Function("Several")]
        public static Answer Several([HttpTrigger] HttpRequest request) => Of(request, new Answer
        {
            Message = new SignalRMessageAction("third"),
            Groups = Actions("room", "room"),
            Messages = [new SignalRMessageAction("first"), new SignalRMessageAction("second")],
        });

        [Function("None")]
        public static Answer None([HttpTrigger] HttpRequest request) => Of(request, new Answer());

        [Function("Method"), SignalROutput(HubName = "chat")]
        public static async Task<SignalRMessageAction> Method([HttpTrigger] HttpRequest request)
        {
            await Task.Yield();
            return Of(request, new SignalRMessageAction("returned"));
        }

        [Function("Failing")]
        public static Answer Failing([HttpTrigger] HttpRequest request) => Of(request, new Answer
        {
            Messages = [new SignalRMessageAction("before"), new SignalRMessageAction("fails"), new SignalRMessageAction("after")],
            Groups = [new SignalRGroupAction(SignalRGroupActionType.Add) { GroupName = "room" }],
        });

        private static IEnumerable<SignalRGroupAction> Actions(string added, string removed)
        {
            yield return new SignalRGroupAction(SignalRGroupActionType.Add) { GroupName = added };
            yield return new SignalRGroupAction(SignalRGroupActionType.Remove) { GroupName = removed };
        }

        private static T Of<T>(HttpRequest request, T result)
        {
            Assert.NotNull(request);
            return result;
        }
    }
}
