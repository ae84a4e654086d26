using Presence.Core.Population;
using Presence.Core.Reports;
using Presence.Core.Retention;
using Presence.Core.Stats;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using static Presence.Core.Domain.PresenceEvent;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Stats;

public sealed class MetricsReaderTests(AzuriteFixture azurite) : TableTests(azurite)
{
    [Fact]
    public async Task EveryInstanceTellsTheSameOfAll()
    {
        var (one, two) = (Create(), Create());
        await one.Recorder.RecordAsync(Alice, Start);
        await two.Recorder.RecordAsync(Bob, Start);
        await two.Recorder.RecordAsync(Bob, Start);
        await two.Get<CensusTaker>().TakeAsync(Cancellation);
        Clock.Advance(Seconds(1));
        await one.Sweep.RunAsync(Cancellation);
        await one.Get<InstanceReporter>().ReportAsync(Cancellation);
        await two.Get<InstanceReporter>().ReportAsync(Cancellation);

        string[] samples = [
            "presence_activity_requests_total{outcome=\"recorded\"} 2",
            "presence_activity_requests_total{outcome=\"throttled\"} 1",
            "presence_activity_duration_seconds_count{outcome=\"recorded\"} 2",
            "presence_status_transitions_total{status=\"online\"} 2",
            "presence_sweep_duration_seconds_count{outcome=\"complete\"} 1",
            // Two changes, the roster, and what each of them owed crossed out.
            "presence_storage_requests_total{operation=\"transaction\",outcome=\"ok\"} 6",
            "presence_throttle_entries 2",
            "presence_users{kind=\"registered\",status=\"online\"} 2",
            "presence_instances 2",
            $"presence_sweep_last_run_timestamp_seconds {(Start + Seconds(1)).ToUnixTimeSeconds()}",
            "presence_maintenance_active 1",
        ];
        foreach (var instance in new[] { one, two })
        {
            var lines = (await ReadAsync(instance)).Split('\n');
            Assert.All(samples, sample => Assert.Contains(sample, lines));
        }
    }

    [Fact]
    public async Task ASweepThatIsMissingAndAnInstanceThatIsGoneAreToldOf()
    {
        var (gone, left) = (Create(), Create());
        await gone.Recorder.RecordAsync(Alice, Start);
        await gone.Sweep.RunAsync(Cancellation);
        await gone.Get<InstanceReporter>().ReportAsync(Cancellation);
        await gone.Get<CensusTaker>().TakeAsync(Cancellation);

        Clock.Advance(Seconds(61));
        Assert.Contains("presence_users{kind=\"registered\",status=\"online\"} 1\n", await ReadAsync(left), StringComparison.Ordinal);
        Clock.Advance(Seconds(45));
        var lines = (await ReadAsync(left)).Split('\n');

        Assert.Contains("presence_maintenance_active 0", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("presence_users{", StringComparison.Ordinal));
        Assert.Contains("presence_instances 1", lines);
        Assert.Contains("presence_throttle_entries 0", lines);
        Assert.Contains("presence_activity_requests_total{outcome=\"recorded\"} 1", lines);
    }

    [Fact]
    public async Task AResetOfTheActivityCountsDoesNotTouchWhatOnlyRises()
    {
        var instance = Create();
        await instance.Recorder.RecordAsync(Alice, Start);

        await instance.Get<SharedMetrics>().ResetAsync(Cancellation);

        Assert.Contains("presence_activity_requests_total{outcome=\"recorded\"} 1\n", await ReadAsync(instance), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HistogramsOfRetiredInstancesCountOn()
    {
        var (silent, other) = (Create(), Create());
        await silent.Recorder.RecordAsync(Alice, Start);
        await silent.Get<InstanceReporter>().ReportAsync(Cancellation);
        Clock.Advance(TimeSpan.FromHours(25));

        await other.Get<Cleanup>().RunAsync(Cancellation);
        await other.Recorder.RecordAsync(Bob, Clock.GetUtcNow());
        await silent.Recorder.RecordAsync(Alice, Clock.GetUtcNow());
        await silent.Get<InstanceReporter>().ReportAsync(Cancellation);

        Assert.Contains(
            "presence_activity_duration_seconds_count{outcome=\"recorded\"} 3\n", await ReadAsync(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALookCostsTheSameHoweverManyUsersThereAre()
    {
        var transport = new FaultyTransport();
        var instance = Create(o => o.DefaultConversation = "", transport);
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        foreach (var user in Users(40))
        {
            await instance.ApplyAsync(user, new Activity(Start));
        }

        transport.Requests.Clear();
        await ReadAsync(instance);

        // Its own report, the reports of all, the census, the budget, the last sweep.
        Assert.Equal(5, transport.Requests.Count);
        await ReadAsync(instance);
        Assert.Equal(5 + 4, transport.Requests.Count);
    }

    private static Task<string> ReadAsync(Instance instance) => instance.Get<MetricsReader>().ReadPrometheusTextAsync(Cancellation);
}
