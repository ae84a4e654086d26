using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Presence.Core.Metrics;

/// <summary>Listens to one meter and keeps what this instance has measured since it started, so that instances can be added up.</summary>
internal sealed class InstanceTotals : IDisposable
{
    private readonly ConcurrentBag<MetricAccumulator> _accumulators = [];
    private readonly MeterListener _listener = new();
    private readonly Lock _reading = new();

    public InstanceTotals(Meter meter)
    {
        // The meter itself, not its name: several hosts may live in one process.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                var accumulator = new MetricAccumulator(MetricCatalogue.ByName[instrument.Name], instrument.IsObservable);
                _accumulators.Add(accumulator);
                listener.EnableMeasurementEvents(instrument, accumulator);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricAccumulator)state!).Measured(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricAccumulator)state!).Measured(value, tags));
        _listener.Start();
    }

    /// <summary>All of it up to now.</summary>
    public MetricTotals Read()
    {
        lock (_reading)
        {
            foreach (var accumulator in _accumulators)
            {
                accumulator.BeforeObservation();
            }

            _listener.RecordObservableInstruments();
            return MetricTotals.From(_accumulators.SelectMany(a => a.Read()));
        }
    }

    public void Dispose() => _listener.Dispose();
}
