using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Tests.EndToEnd.Harness;

namespace Presence.Tests.Core.Metrics;

[Collection(nameof(Alone))]
public class PresenceMetricsTests
{
    [Fact]
    public void EveryInstrumentIsAsTheCatalogueSays()
    {
        using var measured = new Measured();
        var published = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, measured.Meters))
                {
                    published.Add(instrument);
                }
            },
        };
        listener.Start();
        measured.Metrics.ObserveThrottleEntries(() => 0);
        measured.Metrics.ObservePendingAnnouncements(() => 0);
        measured.Metrics.ObserveUsers(() => []);
        measured.Metrics.ObserveCost(() => []);
        measured.Metrics.ObserveEconomy(() => null);

        MetricDefinition[] sharedOnly = [MetricCatalogue.Instances, MetricCatalogue.LastSweep, MetricCatalogue.MaintenanceActive];
        Assert.Equal(MetricCatalogue.All.Except(sharedOnly).Select(m => m.Name).Order(), published.Select(i => i.Name).Order());
        Assert.All(published, instrument =>
        {
            var metric = MetricCatalogue.ByName[instrument.Name];
            Assert.Equal((metric.Unit, metric.Description), (instrument.Unit, instrument.Description));
            Assert.Equal(metric.Kind switch
            {
                MetricKind.Counter when metric == MetricCatalogue.ActivityRequests || metric == MetricCatalogue.Executions => typeof(ObservableCounter<long>),
                MetricKind.Counter => typeof(Counter<long>),
                MetricKind.Histogram => typeof(Histogram<double>),
                _ when metric == MetricCatalogue.Cost => typeof(ObservableGauge<double>),
                _ => typeof(ObservableGauge<long>),
            }, instrument.GetType());
            Assert.Equal(
                metric.Kind == MetricKind.Histogram ? metric.Buckets : null,
                (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries);
        });
    }

    [Fact]
    public void MeasurementsReachExportersAndTheTotalsAlike()
    {
        using var measured = new Measured();
        using var exported = new MetricCollector<long>(measured.Meters, "Presence", "presence.status.transitions");

        measured.Metrics.ChangedTo(PresenceStatus.Away);
        measured.Metrics.ChangedTo(PresenceStatus.Away);

        Assert.Equal(["away", "away"], exported.GetMeasurementSnapshot().Select(m => m.Tags["status"]));
        Assert.Equal(2, measured.Metrics.Totals.ValueOf(MetricCatalogue.Transitions, "away"));
    }

    [Fact]
    public void ACensusNobodyTakesAnyMoreIsNoLongerObserved()
    {
        using var measured = new Measured();
        IEnumerable<(string, string, long)> census = [("anonymous", "away", 4)];
        measured.Metrics.ObserveUsers(() => census);

        Assert.Equal(4, measured.Metrics.Totals.ValueOf(MetricCatalogue.Users, "anonymous", "away"));
        census = [];
        Assert.True(measured.Metrics.Totals.Of(MetricCatalogue.Users, "anonymous", "away").IsEmpty);
    }

    [Fact]
    public void EveryMethodOfClientsIsCountedByItsName()
    {
        using var measured = new Measured();

        Assert.All(typeof(ClientMethod).GetFields().Select(field => (string)field.GetRawConstantValue()!), method =>
        {
            measured.Metrics.HandedOn(method);
            Assert.Equal(1, measured.Metrics.Totals.ValueOf(MetricCatalogue.Messages, method));
        });
    }

    [Fact]
    public void AnAttributeThatTheCatalogueDoesNotKnowIsRefused()
    {
        using var measured = new Measured();

        Assert.Throws<InvalidOperationException>(() => measured.Metrics.HandedOn("user:unknown"));
    }

    [Fact]
    public void MeasuringAllocatesNothing()
    {
        using var measured = new Measured();
        var took = TimeSpan.FromMilliseconds(1);
        measured.Metrics.ActivityHandled(ActivityOutcome.Throttled, took);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            measured.Metrics.ActivityHandled(ActivityOutcome.Throttled, took);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task NoMeasurementIsLostOrCountedTwiceByManyThreads()
    {
        using var measured = new Measured();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                measured.Metrics.AskedStorage("read", "ok");
                if (i % 500 == 0)
                {
                    _ = measured.Metrics.Totals;
                }
            }
        })));

        Assert.Equal(40_000, measured.Metrics.Totals.ValueOf(MetricCatalogue.StorageRequests, "read", "ok"));
    }
}
