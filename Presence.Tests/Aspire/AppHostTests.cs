using System.Reflection;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.Aspire;

/// <summary>The sample AppHost as it is, with a web application that knows of Presence by nothing but its reference.</summary>
public class AppHostTests
{
    /// <summary>It builds what it starts, if that is not built.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const string Server = "presence";

    private const string Web = "web";

    [Fact]
    public async Task WhoCallsTheApplicationIsOnline()
    {
        Target.SkipElsewhere("starts an AppHost");
        var stop = TestContext.Current.CancellationToken;
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync(Assembly.Load("Presence.Samples.AppHost").EntryPoint!.DeclaringType!, stop);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        await using var application = await builder.BuildAsync(stop);
        await application.StartAsync(stop).WaitAsync(Patience, stop);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(Server, stop).WaitAsync(Patience, stop);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(Web, stop).WaitAsync(Patience, stop);
        using var presence = application.CreateHttpClient(Server);
        using var web = application.CreateHttpClient(Web);

        Assert.Equal("Healthy", JsonElement.Parse(await presence.GetStringAsync("/health/ready", stop)).GetProperty("status").GetString());
        var (alice, bob) = (await TokenAsync(presence, "alice"), await TokenAsync(presence, "bob"));
        Assert.Equal("bob is offline.", await WhoAsync(web, alice, "bob"));
        Assert.Equal("Hello, bob.", await GetAsync(web, bob, "/hello"));
        await Eventually.BecomesTrueAsync(async () => await WhoAsync(web, alice, "bob") == "bob is online.", "bob is online");
    }

    private static async Task<string> TokenAsync(HttpClient presence, string user) =>
        (await presence.GetStringAsync($"/dev/token?user={user}", TestContext.Current.CancellationToken)).Trim();

    private static Task<string> WhoAsync(HttpClient web, string token, string user) => GetAsync(web, token, $"/who/{user}");

    private static async Task<string> GetAsync(HttpClient web, string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await web.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
