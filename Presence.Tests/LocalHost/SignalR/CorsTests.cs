using static Presence.Tests.LocalHost.SignalR.EmulatorHarness;

namespace Presence.Tests.LocalHost.SignalR;

public class CorsTests
{
    [Theory]
    [InlineData("http://localhost:5173")]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("https://localhost")]
    [InlineData("http://[::1]:8080")]
    public async Task PagesOfThisMachineMayConnectWithCredentials(string origin)
    {
        await using var harness = await StartAsync();

        using var response = await PreflightAsync(harness, origin);

        Assert.Equal(origin, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Credentials")));
        Assert.Contains(
            "x-signalr-user-agent", response.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PagesOfOtherSitesMayNot()
    {
        await using var harness = await StartAsync();

        using var response = await PreflightAsync(harness, "https://elsewhere.test");

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task PagesOfSitesThatAreAllowedMay()
    {
        await using var harness = await StartAsync(new() { AllowsPagesOf = origin => origin == "https://app.example.com" });

        using var response = await PreflightAsync(harness, "https://app.example.com");

        Assert.Equal("https://app.example.com", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    private static async Task<HttpResponseMessage> PreflightAsync(EmulatorHarness harness, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, $"{harness.Emulator.Endpoint}client/negotiate?hub={TestHub}");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,x-requested-with,x-signalr-user-agent");
        return await harness.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
