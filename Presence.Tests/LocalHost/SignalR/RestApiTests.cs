using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Presence.LocalHost.SignalR;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class RestApiTests
{
    private const string Version = "?api-version=2022-06-01";
    private const string SendPath = $"api/hubs/{TestHub}/:send";
    private const string Message = """{"target":"news","arguments":[1]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "api/hubs/h/:send", 202)]
    [InlineData("POST", "api/hubs/h/users/u/:send", 202)]
    [InlineData("POST", "api/hubs/h/groups/g/:send", 202)]
    [InlineData("POST", "api/hubs/h/connections/c/:send", 202)]
    [InlineData("POST", "api/hubs/h/:closeConnections", 204)]
    [InlineData("POST", "api/hubs/h/users/u/:closeConnections", 204)]
    [InlineData("POST", "api/hubs/h/groups/g/:closeConnections", 204)]
    [InlineData("DELETE", "api/hubs/h/connections/c", 200)]
    [InlineData("HEAD", "api/hubs/h/connections/c", 404)]
    [InlineData("HEAD", "api/hubs/h/users/u", 404)]
    [InlineData("HEAD", "api/hubs/h/groups/g", 404)]
    [InlineData("HEAD", "api/hubs/h/users/u/groups/g", 404)]
    [InlineData("GET", "api/hubs/h/users/u/groups/g", 404)]
    [InlineData("PUT", "api/hubs/h/groups/g/connections/c", 404)]
    [InlineData("DELETE", "api/hubs/h/groups/g/connections/c", 404)]
    [InlineData("DELETE", "api/hubs/h/connections/c/groups", 200)]
    [InlineData("PUT", "api/hubs/h/users/u/groups/g", 200)]
    [InlineData("DELETE", "api/hubs/h/users/u/groups/g", 204)]
    [InlineData("DELETE", "api/hubs/h/users/u/groups", 204)]
    [InlineData("HEAD", "api/health", 200)]
    [InlineData("POST", "api/hubs/h", 404)]
    [InlineData("POST", "api/hubs/h/users/u/groups/g", 405)]
    [InlineData("POST", "api/other", 404)]
    public async Task EveryOperationAnswersAsDocumented(string method, string path, int status)
    {
        await using var harness = await StartAsync();

        Assert.Equal(status, (int)await CallAsync(harness, method, path, Token(harness, path), body: method == "POST" ? Message : null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{"target":""}""")]
    [InlineData("""{"target":7,"arguments":[]}""")]
    [InlineData("""{"arguments":[]}""")]
    [InlineData("""{"target":"news","arguments":{}}""")]
    [InlineData("""{"target":"news","arguments":[1]""")]
    public async Task ABadBodyIsABadRequest(string body)
    {
        await using var harness = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await CallAsync(harness, "POST", SendPath, Token(harness), body));
    }

    [Theory]
    [InlineData("""{"Target":"news","Arguments":["x"]}""")]
    [InlineData("""{"arguments":["x"],"other":1,"target":"news"}""")]
    public async Task TheBodysNamesMayHaveAnyCaseAndOrder(string body)
    {
        await using var harness = await StartAsync();
        var ann = await harness.ConnectAsync();

        Assert.Equal(HttpStatusCode.Accepted, await CallAsync(harness, "POST", SendPath, Token(harness), body));

        Assert.Equal("x", (await ann.NextAsync()).GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?api-version=")]
    [InlineData("?api-version=2019-01-01")]
    [InlineData("?api-version=2022-06-01&application=7up")]
    public async Task ABadVersionOrApplicationIsABadRequest(string query)
    {
        await using var harness = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await CallAsync(harness, "POST", SendPath, Token(harness), Message, query));
    }

    [Theory]
    [InlineData("POST", "api/hubs/7up/:send", "")]
    [InlineData("POST", "api/hubs/a b/:send", "")]
    [InlineData("POST", "api/hubs/h/groups/%20/:send", "")]
    [InlineData("PUT", "api/hubs/h/users/u/groups/g", "&ttl=soon")]
    [InlineData("PUT", "api/hubs/h/users/u/groups/g", "&ttl=-1")]
    public async Task BadNamesAndTimesAreBadRequests(string method, string path, string query)
    {
        await using var harness = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await CallAsync(harness, method, path, Token(harness, path), Message, Version + query));
    }

    [Fact]
    public async Task AnErrorSaysWhatIsWrong()
    {
        await using var harness = await StartAsync();
        using var request = Request(harness, "POST", SendPath, Token(harness), Message, query: "");

        using var response = await harness.Http.SendAsync(request, Cancellation);

        Assert.Equal("BadRequest", Assert.Single(response.Headers.GetValues("x-ms-error-code")));
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains("api-version", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACallWithoutAGoodTokenIsRefused()
    {
        await using var harness = await StartAsync();
        var anHourAgo = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1));
        var forged = SignalRConnectionString.Parse($"Endpoint={harness.Emulator.Endpoint};AccessKey={new string('k', 64)}");
        string?[] refused =
        [
            null,
            "nonsense",
            new SignalRTokens(harness.Connection, anHourAgo).ForRest(SendPath),
            new SignalRTokens(forged, TimeProvider.System).ForRest(SendPath),
            Token(harness, "api/hubs/other/:send"),
            Token(harness, $"api/hubs/{TestHub}/users/u/:send"),
            harness.Service.Negotiate(TestHub, "ann").AccessToken,
        ];

        foreach (var token in refused)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(harness, "POST", SendPath, token, Message));
        }

        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await CallAsync(harness, "POST", SendPath, token: null, Message, $"{Version}&access_token={Token(harness)}"));
    }

    [Theory]
    [InlineData("api/hubs/h/users/a%2Fb%25/:send", "api/hubs/h/users/a%2fb%25/:send/")]
    [InlineData("api/hubs/h/users/ann/:send", "api/hubs/H/users/%61nn/%3Asend?api-version=2022-06-01")]
    [InlineData("api/hubs/H/users/ann/:send/", "api/hubs/h/users/ann/:send")]
    public async Task TheSpellingOfTheAudienceMakesNoDifference(string path, string audience)
    {
        await using var harness = await StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await CallAsync(harness, "POST", path, Token(harness, audience), Message));
    }

    [Fact]
    public async Task ApplicationsHaveTheirHubsApart()
    {
        await using var harness = await StartAsync();
        var (plain, ofApp) = (await harness.ConnectAsync(), await harness.ConnectAsync(hub: $"app_{TestHub}"));

        Assert.Equal(
            HttpStatusCode.Accepted, await CallAsync(harness, "POST", SendPath, Token(harness), Message, $"{Version}&application=App"));

        Assert.Equal(1, (await ofApp.NextAsync()).GetInt32());
        await harness.AssertNothingReachedAsync(plain);
    }

    private static string Token(EmulatorHarness harness, string path = SendPath) =>
        new SignalRTokens(harness.Connection, TimeProvider.System).ForRest(path);

    private static async Task<HttpStatusCode> CallAsync(
        EmulatorHarness harness, string method, string path, string? token, string? body, string query = Version)
    {
        using var request = Request(harness, method, path, token, body, query);
        using var response = await harness.Http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private static HttpRequestMessage Request(
        EmulatorHarness harness, string method, string path, string? token, string? body, string query)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), $"{harness.Emulator.Endpoint}{path}{query}")
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }
}
