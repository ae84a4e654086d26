using System.Diagnostics;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.DependencyInjection;
using Presence.Core.Metrics;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.EndToEnd;

[Collection(nameof(Alone))]
public class TelemetryTests
{
    private static readonly MetricDefinition[] Metrics =
    [
        MetricCatalogue.ActivityRequests, MetricCatalogue.ActivityDuration, MetricCatalogue.Transitions, MetricCatalogue.SweepDuration,
        MetricCatalogue.Messages, MetricCatalogue.AnnouncementDelay, MetricCatalogue.StorageRequests, MetricCatalogue.SignalRRequests,
        MetricCatalogue.ThrottleEntries, MetricCatalogue.PendingAnnouncements, MetricCatalogue.Users,
    ];

    /// <summary>The clean-up writes a line to the log each time.</summary>
    private static readonly (string, string) OftenCleanedUp = ("CleanupSchedule", "* * * * * *");

    private static readonly string[] Spans = ["presence.apply", "presence.announce", "presence.sweep", "TableClient."];

    [Fact]
    public async Task MetricsTracesAndLogsAreExportedByOtlp()
    {
        await using var collector = await Collector.StartAsync();
        await using (var system = await Target.OwnAsync(new()
        {
            Settings = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.AbsoluteUri,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
        }, OftenCleanedUp))
        {
            await UseAsync(system);
        }

        // What was not yet exported is when the host stops.
        var (metrics, traces) = (collector.Received("/v1/metrics"), collector.Received("/v1/traces"));
        Assert.All(Metrics, metric => Assert.Contains(metric.Name, metrics, StringComparison.Ordinal));
        Assert.All(Spans, span => Assert.Contains(span, traces, StringComparison.Ordinal));
        Assert.Contains("service.name", metrics, StringComparison.Ordinal);
        Assert.Contains("Cleaned up:", collector.Received("/v1/logs"), StringComparison.Ordinal);
        NothingNamesTheUser(metrics + traces + collector.Received("/v1/logs"));
    }

    [Fact]
    public async Task MetricsTracesAndLogsAreExportedToAzureMonitor()
    {
        await using var collector = await Collector.StartAsync("""{"itemsReceived":1,"itemsAccepted":1,"errors":[]}""");
        var address = collector.Address.AbsoluteUri;
        await using (var system = await Target.OwnAsync(new()
        {
            Settings = new Dictionary<string, string>
            {
                ["APPLICATIONINSIGHTS_CONNECTION_STRING"] =
                    $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={address};LiveEndpoint={address}",
            },

            // By default the exporter takes about five traces a second.
            Services = services => services.Configure<AzureMonitorExporterOptions>(options =>
                (options.TracesPerSecond, options.SamplingRatio) = (null, 1)),
        }, OftenCleanedUp))
        {
            await UseAsync(system);
        }

        var received = collector.Received("/track");
        Assert.All(Metrics, metric => Assert.Contains($"\"{metric.Name}\"", received, StringComparison.Ordinal));
        Assert.All(Spans, span => Assert.Contains(span, received, StringComparison.Ordinal));
        Assert.Contains("Cleaned up:", received, StringComparison.Ordinal);
        NothingNamesTheUser(received);
    }

    [Fact]
    public async Task OneTraceLeadsFromTheRequestOverStorageToTheAnnouncement()
    {
        await using var collector = await Collector.StartAsync();
        var trace = ActivityTraceId.CreateRandom();
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Presence" or "System.Net.Http" or "Microsoft.AspNetCore"
                || source.Name.StartsWith("Azure.Data.Tables", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var system = await Target.OwnAsync(new()
        {
            Settings = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.AbsoluteUri },
        });
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = system.Backend.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/activity");
        var (name, value) = system.NewUser("alice").Caller.Credentials;
        request.Headers.TryAddWithoutValidation(name, value);
        var caller = ActivitySpanId.CreateRandom();
        request.Headers.Add("traceparent", $"00-{trace}-{caller}-01");

        (await http.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        // The SignalR emulator, a web server too, has spans in this trace as well.
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Servers().Count == 1), "the request's span has ended");
        var server = Servers().Single();
        var apply = Find("Presence").Single(s => s.OperationName == "presence.apply");
        var announce = Find("Presence").Single(s => s.OperationName == "presence.announce");
        Assert.Equal((server.SpanId, apply.SpanId), (apply.ParentSpanId, announce.ParentSpanId));
        Assert.Equal(
            ["Activity", "Applied", "Online"],
            ((string[])["presence.event", "presence.outcome", "presence.status"]).Select(tag => apply.GetTagItem(tag)));

        // Three reads and a transaction below the engine, each with the request that carried it; below the announcement the roster, the message and
        // the same without a last activity, and what crosses it out. What is left is the key of the throttle tokens: looked for, made and read.
        var storage = Find("Azure.Data.Tables");
        Assert.Equal(4, storage.Count(s => s.ParentSpanId == apply.SpanId));
        Assert.Equal(2, storage.Count(s => s.ParentSpanId == announce.SpanId));
        Assert.InRange(storage.Count, 6, 9);
        Assert.All(storage, s => Assert.Single(Find("System.Net.Http"), h => h.ParentSpanId == s.SpanId));
        Assert.Equal(2, Find("System.Net.Http").Count(h => h.ParentSpanId == announce.SpanId));

        List<Activity> Servers() => [.. Find("Microsoft.AspNetCore").Where(s => s.ParentSpanId == caller)];

        List<Activity> Find(string source)
        {
            lock (spans)
            {
                return [.. spans.Where(s => s.TraceId == trace && s.Source.Name.StartsWith(source, StringComparison.Ordinal))];
            }
        }
    }

    private static async Task UseAsync(PresenceSystem system)
    {
        var user = system.UserOf($"{Name}-{Guid.NewGuid():N}");
        await using var listener = await user.ListenAsync(user);
        await user.ActAsync();
        (await user.Caller.GetAsync($"api/presence/{user.Id}")).MustBeOk();
        await system.JoinAsync("team", user);
        await user.SignOutAsync();
        await ConnectionTests.SweepsPassAsync(system, count: 2);
    }

    private const string Name = "mrs-nobody-knows";

    private static void NothingNamesTheUser(string telemetry) => Assert.DoesNotContain(Name, telemetry, StringComparison.Ordinal);
}
