using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Time.Testing;
using Presence.LocalHost.SignalR;
using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class ClientTokenTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task AGoodTokenIsAcceptedInTheHeaderAndInTheQuery()
    {
        await using var harness = await StartAsync();
        var token = harness.Service.Negotiate(TestHub, "ann").AccessToken;

        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(harness, TestHub, token));
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(harness, TestHub, token: null, query: $"&access_token={token}"));
    }

    [Fact]
    public async Task TheCaseOfTheHubNameMakesNoDifference()
    {
        await using var harness = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(harness, "PRESENCE", Token(harness.Connection, audienceHub: "Presence")));
    }

    [Fact]
    public async Task NoTokenIsRefused()
    {
        await using var harness = await StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(harness, TestHub, token: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(harness, TestHub, token: "nonsense"));
    }

    [Fact]
    public async Task AnExpiredTokenIsRefused()
    {
        await using var harness = await StartAsync();
        var hourAgo = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - Hour);

        var token = Token(harness.Connection, time: hourAgo, lifetime: Hour - TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(harness, TestHub, token));
    }

    [Fact]
    public async Task ATokenForAnotherHubIsRefused()
    {
        await using var harness = await StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(harness, TestHub, Token(harness.Connection, audienceHub: "other")));
    }

    [Fact]
    public async Task ATokenForAnotherServiceIsRefused()
    {
        await using var harness = await StartAsync();
        var elsewhere = SignalRConnectionString.Parse($"Endpoint=https://elsewhere.test;AccessKey={harness.Connection.AccessKey}");

        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(harness, TestHub, Token(elsewhere)));
    }

    [Fact]
    public async Task ATokenForTheRestApiIsRefused()
    {
        await using var harness = await StartAsync();
        var token = new SignalRTokens(harness.Connection, TimeProvider.System).ForRest($"api/hubs/{TestHub}/:send");

        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(harness, TestHub, token));
    }

    [Fact]
    public async Task ATokenUnderAnotherKeyIsRefused()
    {
        await using var harness = await StartAsync();
        var forged = SignalRConnectionString.Parse($"Endpoint={harness.Emulator.Endpoint};AccessKey={new string('k', 64)}");

        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(harness, TestHub, Token(forged)));
    }

    [Fact]
    public async Task AnInvalidHubNameIsABadRequest()
    {
        await using var harness = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await NegotiateAsync(harness, "", token: null));
        Assert.Equal(HttpStatusCode.BadRequest, await NegotiateAsync(harness, "9lives", token: null));
    }

    [Theory, InlineData("nameid"), InlineData("sub"), InlineData("asrs.s.uid")]
    public async Task TheUserIdIsReadFromTheClaim(string claim)
    {
        await using var harness = await StartAsync();
        var token = Token(harness.Connection, claims: [new Claim(claim, "ann")]);

        await using var client = new HubConnectionBuilder().WithUrl(
            $"{harness.Emulator.Endpoint}client/?hub={TestHub}",
            options => options.AccessTokenProvider = () => Task.FromResult<string?>(token)).Build();
        await client.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("ann", (await harness.Application.Events.NextAsync()).UserId);
    }

    private static string Token(
        SignalRConnectionString connection, string audienceHub = TestHub, TimeProvider? time = null, TimeSpan? lifetime = null,
        params IEnumerable<Claim> claims) =>
        new SignalRTokens(connection, time ?? TimeProvider.System)
            .ForClient($"{connection.Endpoint}client/?hub={audienceHub}", userId: null, claims, lifetime ?? Hour);

    private static async Task<HttpStatusCode> NegotiateAsync(EmulatorHarness harness, string hub, string? token, string query = "")
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"{harness.Emulator.Endpoint}client/negotiate?hub={hub}&negotiateVersion=1{query}");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await harness.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
