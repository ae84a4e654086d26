using System.Diagnostics;
using Presence.Core.Options;
using Presence.LocalHost.Azurite;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

/// <summary>The receivers in <c>samples</c>, with the libraries that they verify by.</summary>
public class WebhookSampleTests
{
    [Fact]
    public Task TheReceiverInJavaScriptTakesWhatIsSent() => TakesWhatIsSentAsync(async () => new ProcessStartInfo(new NodeTools(null).Node, ["receiver.mjs"])
    {
        WorkingDirectory = await JavaScriptInstallation.EnsureAsync("samples/webhook-receiver"),
        Environment = { ["PORT"] = "0" },
    });

    [Fact]
    public Task TheReceiverInCSharpTakesWhatIsSent() => TakesWhatIsSentAsync(() => Task.FromResult(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Presence.Samples.Webhooks.dll"), "--urls", "http://127.0.0.1:0"])));

    /// <summary>Before its secret is exchanged and while it is, when the first of two signatures is not the one that it knows.</summary>
    private static async Task TakesWhatIsSentAsync(Func<Task<ProcessStartInfo>> start)
    {
        await using var system = await Target.OwnAsync(null, (nameof(PresenceOptions.AllowPrivateWebhooks), "true"));
        var made = (await system.Backend.SendAsync(
            HttpMethod.Post, "api/webhooks", new StringContent("""{"url":"http://127.0.0.1:1/","filter":{"types":["presence.status"]}}"""))).Data;
        var webhook = $"api/webhooks/{made.GetProperty("webhook").GetProperty("webhookId").GetString()}";
        using var receiver = Start(await start(), made.GetProperty("secret").GetString()!);
        try
        {
            var address = await LineAsync(receiver, "http://127.0.0.1:");
            address = address[address.IndexOf("http", StringComparison.Ordinal)..].Split(' ')[0].TrimEnd('/');
            var url = address.EndsWith("/presence", StringComparison.Ordinal) ? address : address + "/presence";
            (await system.Backend.SendAsync(HttpMethod.Patch, webhook, new StringContent($$"""{"url":"{{url}}"}"""))).MustBeOk();
            Assert.True((await system.Backend.PostAsync($"{webhook}/test")).Data.GetProperty("delivered").GetBoolean());
            (await system.Backend.PostAsync($"{webhook}/secrets")).MustBeOk();
            Assert.True((await system.Backend.PostAsync($"{webhook}/test")).Data.GetProperty("delivered").GetBoolean());

            var alice = system.NewUser("alice");
            await alice.ActAsync();

            Assert.Equal($"{alice.Id} is online.", await LineAsync(receiver, alice.Id));

            // Exchanged once more, three sign, the last of them with what it knows. What another webhook signs is refused.
            (await system.Backend.PostAsync($"{webhook}/secrets")).MustBeOk();
            Assert.True((await system.Backend.PostAsync($"{webhook}/test")).Data.GetProperty("delivered").GetBoolean());
            var other = (await system.Backend.SendAsync(HttpMethod.Post, "api/webhooks", new StringContent($$"""{"url":"{{url}}"}"""))).Data
                .GetProperty("webhook").GetProperty("webhookId").GetString();
            Assert.Equal(401, (await system.Backend.PostAsync($"api/webhooks/{other}/test")).Data.GetProperty("status").GetInt32());
        }
        finally
        {
            receiver.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start, string secret)
    {
        start.RedirectStandardOutput = true;
        start.Environment["WEBHOOK_SECRET"] = secret;
        return Process.Start(start)!;
    }

    private static async Task<string> LineAsync(Process process, string text)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line.Trim();
            }
        }

        throw new InvalidOperationException($"The receiver ended without '{text}'.");
    }
}
