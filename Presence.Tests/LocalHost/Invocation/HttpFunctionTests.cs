using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Presence.Tests.LocalHost.Invocation;

public class HttpFunctionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RouteValuesBindByNameAndType()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Bindings));

        Assert.Equal("7/lobby/True", await host.Client.GetStringAsync("rooms/7/lobby", Cancellation));
    }

    [Fact]
    public async Task AnAbsentRouteValueBindsToTheDefault()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Bindings));

        Assert.Equal("7/hall/True", await host.Client.GetStringAsync("rooms/7", Cancellation));
    }

    [Fact]
    public async Task EachInvocationHasItsOwnInstanceAndScope()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Scopes));

        await host.Client.GetStringAsync("scope", Cancellation);
        await host.Client.GetStringAsync("scope", Cancellation);

        var first = await host.Probe.NextAsync<Scopes>();
        var second = await host.Probe.NextAsync<Scopes>();
        Assert.NotSame(first, second);
        Assert.NotSame(first.Service, second.Service);
        Assert.True(first.IsDisposed);
        Assert.True(first.Service.IsDisposed);
    }

    [Theory]
    [InlineData("GET", "a", HttpStatusCode.OK)]
    [InlineData("get", "a", HttpStatusCode.OK)]
    [InlineData("POST", "a", HttpStatusCode.Created)]
    [InlineData("PUT", "a", HttpStatusCode.NotFound)]
    [InlineData("HEAD", "a", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "named", HttpStatusCode.Accepted)]
    [InlineData("GET", "b", HttpStatusCode.NotFound)]
    public async Task TheMethodIsPartOfTheRoute(string method, string path, HttpStatusCode expected)
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Methods));

        using var response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        Assert.Equal(expected, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData("v1", "v1/a")]
    [InlineData(null, "api/a")]
    public async Task RoutesBeginWithThePrefixOfHostJson(string? prefix, string path)
    {
        await using var host = await FunctionsHost.StartAsync([typeof(Methods)], [], routePrefix: prefix);

        using var response = await host.Client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("open", null, HttpStatusCode.OK)]
    [InlineData("function", null, HttpStatusCode.Unauthorized)]
    [InlineData("admin", null, HttpStatusCode.Unauthorized)]
    [InlineData("function?code=secret", null, HttpStatusCode.OK)]
    [InlineData("admin?code=secret", null, HttpStatusCode.OK)]
    [InlineData("function?code=secre", null, HttpStatusCode.Unauthorized)]
    [InlineData("function", "secret", HttpStatusCode.OK)]
    [InlineData("function?code=secret", "wrong", HttpStatusCode.Unauthorized)]
    public async Task WithAFunctionKeyOnlyAnonymousFunctionsGoWithout(string path, string? header, HttpStatusCode expected)
    {
        await using var host = await FunctionsHost.StartAsync([typeof(Levels)], new() { ["LocalHost__FunctionKey"] = "secret" });
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header is not null)
        {
            request.Headers.Add("x-functions-key", header);
        }

        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal(expected, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task WithoutAFunctionKeyNothingIsAskedFor()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Levels));

        using var response = await host.Client.GetAsync("admin", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("fails/now")]
    [InlineData("fails/later")]
    [InlineData("fails/result")]
    [InlineData("fails/number/x")]
    public async Task AFailureIsAnEmptyInternalServerErrorAndLogged(string path)
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Failures));

        using var response = await host.Client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.NotNull(Assert.Single(host.Errors).Exception);
    }

    [Theory]
    [InlineData("returns/nothing", "")]
    [InlineData("returns/task", "")]
    [InlineData("returns/result", "result")]
    [InlineData("returns/taskresult", "result")]
    [InlineData("returns/valuetaskresult", "result")]
    [InlineData("returns/class", "result")]
    public async Task EveryKindOfReturnIsAwaited(string path, string expected)
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Returns));

        Assert.Equal(expected, await host.Client.GetStringAsync(path, Cancellation));
    }

    [Fact]
    public async Task ACallerWhoLeavesCancelsTheFunction()
    {
        await using var host = await FunctionsHost.StartAsync(typeof(Waits));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = host.Client.GetAsync("waits", leaving.Token);
        await host.Probe.NextAsync<string>();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("canceled", await host.Probe.NextAsync<string>());
        Assert.Empty(host.Errors);
    }

    public static class Bindings
    {
        [Function("Rooms")]
        public static IResult Rooms(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "rooms/{number:int}/{name?}")] HttpRequest request,
            int? NUMBER,
            string name = "hall",
            CancellationToken cancellationToken = default) =>
            Results.Text($"{NUMBER}/{name}/{cancellationToken == request.HttpContext.RequestAborted}");
    }

    public sealed class Scopes(Probe probe, ScopedService service) : IDisposable
    {
        public ScopedService Service => service;

        public bool IsDisposed { get; private set; }

        [Function("Scope")]
        public IResult Scope([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            Assert.Same(service, request.HttpContext.RequestServices.GetService(typeof(ScopedService)));
            probe.Saw(this);
            return Results.Ok();
        }

        public void Dispose() => IsDisposed = true;
    }

    public static class Methods
    {
        [Function("Get")]
        public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "a")] HttpRequest request) =>
            Status(request, 200);

        [Function("Post")]
        public static IResult Post([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "a")] HttpRequest request) =>
            Status(request, 201);

        [Function("Named")]
        public static IResult Named([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Status(request, 202);

        private static IResult Status(HttpRequest request, int status)
        {
            Assert.NotNull(request);
            return Results.StatusCode(status);
        }
    }

    public static class Levels
    {
        [Function("Open")]
        public static void Open([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Assert.NotNull(request);

        [Function("Function")]
        public static void Function([HttpTrigger] HttpRequest request) => Assert.NotNull(request);

        [Function("Admin")]
        public static void Admin([HttpTrigger(AuthorizationLevel.Admin)] HttpRequest request) => Assert.NotNull(request);
    }

    public static class Failures
    {
        [Function("Now")]
        public static IResult Now([HttpTrigger(Route = "fails/now")] HttpRequest request) =>
            throw new InvalidOperationException(request.Path);

        [Function("Later")]
        public static async Task<IResult> Later([HttpTrigger(Route = "fails/later")] HttpRequest request)
        {
            await Task.Yield();
            throw new InvalidOperationException(request.Path);
        }

        [Function("Result")]
        public static IResult Result([HttpTrigger(Route = "fails/result")] HttpRequest request) => new FailingResult(request.Path);

        [Function("Number")]
        public static IResult Number([HttpTrigger(Route = "fails/number/{value}")] HttpRequest request, int value) =>
            Results.Ok((request.Path, value));

        private sealed class FailingResult(string message) : IResult
        {
            public Task ExecuteAsync(HttpContext httpContext)
            {
                httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
                throw new InvalidOperationException(message);
            }
        }
    }

    public static class Returns
    {
        public sealed record Answer([property: HttpResult] IResult Response);

        [Function("Nothing")]
        public static void Nothing([HttpTrigger(Route = "returns/nothing")] HttpRequest request) => Assert.NotNull(request);

        [Function("Task")]
        public static async Task TaskOnly([HttpTrigger(Route = "returns/task")] HttpRequest request)
        {
            await Task.Yield();
            Assert.NotNull(request);
        }

        [Function("Result")]
        public static IResult Result([HttpTrigger(Route = "returns/result")] HttpRequest request) => Text(request);

        [Function("TaskResult")]
        public static async Task<IResult> TaskResult([HttpTrigger(Route = "returns/taskresult")] HttpRequest request)
        {
            await Task.Yield();
            return Text(request);
        }

        [Function("ValueTaskResult")]
        public static async ValueTask<IResult> ValueTaskResult([HttpTrigger(Route = "returns/valuetaskresult")] HttpRequest request)
        {
            await Task.Yield();
            return Text(request);
        }

        [Function("Class")]
        public static Answer Class([HttpTrigger(Route = "returns/class")] HttpRequest request) => new(Text(request));

        private static IResult Text(HttpRequest request)
        {
            Assert.NotNull(request);
            return Results.Text("result");
        }
    }

    public sealed class Waits(Probe probe)
    {
        [Function("Waits")]
        public async Task<IResult> Wait(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
        {
            probe.Saw("waiting");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return Results.Ok(request.Path);
            }
            catch (OperationCanceledException)
            {
                probe.Saw("canceled");
                throw;
            }
        }
    }
}
