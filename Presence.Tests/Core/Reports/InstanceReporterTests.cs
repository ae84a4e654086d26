using Azure.Data.Tables;
using Presence.Core.Metrics;
using Presence.Core.Reports;
using Presence.Core.TableStorage;
using Presence.Tests.Core.TableStorage;
using static Presence.Tests.Core.Some;

namespace Presence.Tests.Core.Reports;

public sealed class InstanceReporterTests(AzuriteFixture azurite) : TableTests(azurite)
{
    private readonly FaultyTransport _transport = new();

    [Fact]
    public async Task WithoutNewsNothingIsWrittenUntilTheNextSignOfLife()
    {
        var instance = Create(transport: _transport);
        await instance.Recorder.RecordAsync(Alice, Start);
        await instance.Get<InstanceReporter>().ReportAsync(Cancellation);

        Assert.Equal(0, await CostAsync(instance));
        Clock.Advance(Seconds(28));
        Assert.Equal(0, await CostAsync(instance));
        Clock.Advance(Seconds(1));
        Assert.Equal(1, await CostAsync(instance));
        await instance.Recorder.RecordAsync(Alice, Start);
        Assert.Equal(1, await CostAsync(instance));
    }

    [Fact]
    public async Task ARowHoldsAllSeriesAndStaysFarBelowTheLimitOfAProperty()
    {
        var instance = Create();
        await instance.Get<PresenceTable>().OpenAsync(Cancellation);
        foreach (var metric in MetricCatalogue.All)
        {
            Assert.InRange(metric.SeriesCount * metric.Width, 1, 100);
        }

        await instance.Recorder.RecordAsync(Alice, Start);
        await instance.Get<InstanceReporter>().ReportAsync(Cancellation);
        var row = (await Table.QueryAsync<TableEntity>("PartitionKey eq 'meta' and RowKey ge 'in:'", cancellationToken: Cancellation).ToListAsync(Cancellation))
            .Single(r => r.RowKey.StartsWith("in:", StringComparison.Ordinal));

        // 64 KiB are 32,768 characters. The longest possible: every number of every series with 20 digits.
        Assert.Contains("presence.activity.requests{recorded}", row.GetString("Totals"), StringComparison.Ordinal);
        var longest = MetricCatalogue.All.Sum(m => m.SeriesCount * (m.Name.Length + 40 + (m.Width * 21)));
        Assert.InRange(longest, 1, 32_768);
    }

    private async Task<int> CostAsync(Instance instance)
    {
        _transport.Requests.Clear();
        await instance.Get<InstanceReporter>().ReportAsync(Cancellation);
        return _transport.Requests.Count;
    }
}
