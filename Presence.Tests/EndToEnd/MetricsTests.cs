using System.Globalization;
using System.Net;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

public class MetricsTests
{
    [Fact]
    public async Task PrometheusIsToldOfAllInstancesByAny()
    {
        await using var instances = await Instances.StartAsync(2);
        var alice = instances.Everywhere("alice");
        await using var listener = await instances.First.NewUser("bob").ListenAsync();
        await alice[0].ActAsync();
        await alice[1].ActAsync();
        await listener.Inbox.MustHearAsync(alice[0], "online");
        await alice[0].SignOutAsync();
        await listener.Inbox.MustHearAsync(alice[0], "offline");
        await ConnectionTests.SweepsPassAsync(instances.First, count: 2);

        foreach (var system in instances.All)
        {
            await Eventually.BecomesTrueAsync(
                async () =>
                {
                    var samples = await SamplesAsync(system);
                    return Requests(samples) >= 2
                        && samples["presence_activity_requests_total{outcome=\"throttled\"}"] >= 1
                        && samples["presence_instances"] == 2
                        && samples["presence_status_transitions_total{status=\"offline\"}"] == 1
                        && samples["presence_announcement_messages_total{target=\"user:status\"}"] >= 2
                        && samples["presence_announcement_messages_total{target=\"presence:snapshot\"}"] == 1
                        && samples["presence_announcement_delay_seconds_count"] >= 2
                        && samples["presence_signalr_requests_total{outcome=\"ok\"}"] >= 1
                        && samples["presence_sweep_duration_seconds_count{outcome=\"complete\"}"] >= 2
                        && samples["presence_maintenance_active"] == 1
                        && samples.GetValueOrDefault("presence_users{kind=\"registered\",status=\"online\"}") == 1;
                },
                "the metrics of both instances are told by each");
        }

        static double Requests(Dictionary<string, double> samples) =>
            samples.Where(s => s.Key.StartsWith("presence_activity_requests_total", StringComparison.Ordinal)).Sum(s => s.Value);
    }

    [Fact]
    public async Task TheTextIsWhatPrometheusExpects()
    {
        var system = await Target.AnyAsync();
        using var http = new HttpClient { BaseAddress = system.Backend.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Add(system.Backend.Credentials.Name, system.Backend.Credentials.Value);

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    private static async Task<Dictionary<string, double>> SamplesAsync(PresenceSystem system) =>
        (await system.Backend.GetAsync("metrics")).MustBeOk().Body
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
