using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class BusyStorageTests
{
    [Theory]
    [InlineData("Retry-After", "60", 60)]
    [InlineData("x-ms-retry-after-ms", "90500", 91)]
    [InlineData("Retry-After", "86400", 3600)]
    public async Task AStorageThatAsksForAWaitIsNotWaitedForAndTheWaitIsPassedOn(string header, string value, int seconds)
    {
        Target.SkipElsewhere("takes the place of the storage");
        await using var storage = await StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers[header] = value;
            return Task.CompletedTask;
        });
        await using var system = await Target.OwnAsync(new() { Storage = ConnectionString(storage.Urls.Single()) });
        var alice = system.NewUser("alice");

        // Waiting it out would take longer than the client of the test waits at all.
        var answer = (await alice.Caller.PostAsync("api/activity")).MustBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");

        Assert.InRange(answer.RetryAfter!.Value.TotalSeconds, seconds, Math.Min(seconds + 9, 3600));
    }

    private static string ConnectionString(string url) =>
        "DefaultEndpointsProtocol=http;AccountName=busy;AccountKey=" + Convert.ToBase64String(new byte[64]) + $";TableEndpoint={url}/busy;";

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
