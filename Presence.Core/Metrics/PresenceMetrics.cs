using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Presence.Core.Domain;

namespace Presence.Core.Metrics;

/// <summary>
/// Everything that is measured, on one meter. An exporter sees this instance; the sums of all instances are read from storage.
/// </summary>
public sealed class PresenceMetrics : IDisposable
{
    private static readonly KeyValuePair<string, object?> Ok = new(MetricCatalogue.Outcome, "ok");
    private static readonly KeyValuePair<string, object?> Failed = new(MetricCatalogue.Outcome, "failed");

    private readonly Meter _meter;
    private readonly InstanceTotals _totals;
    private readonly ImmutableArray<(string Value, StripedCount Count)> _activityRequests;
    private readonly StripedCount _throttled;
    private readonly Histogram<double> _activityDuration;
    private readonly Counter<long> _transitions;
    private readonly Histogram<double> _timeToOffline;
    private readonly Histogram<double> _sweepDuration;
    private readonly Counter<long> _dueUsers;
    private readonly Counter<long> _messages;
    private readonly Histogram<double> _announcementDelay;
    private readonly Counter<long> _storageRequests;
    private readonly Counter<long> _unreadableRows;
    private readonly Counter<long> _signalRRequests;
    private readonly Counter<long> _webhookAttempts;
    private readonly Histogram<double> _webhookLag;
    private readonly Counter<long> _webhooksDisabled;
    private readonly Counter<long> _webhooksSkipped;
    private readonly Counter<long> _truthChecks;
    private readonly ImmutableArray<(string Value, StripedCount Count)> _executions;
    private readonly Histogram<double> _forecastLoss;
    private readonly Counter<long> _forecastMinutes;

    /// <summary>Creates the meter and its instruments.</summary>
    public PresenceMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MetricCatalogue.SourceName);
        _totals = new InstanceTotals(_meter);
        _activityRequests = StripedCounts(MetricCatalogue.ActivityRequests);
        _throttled = CountOf(_activityRequests, ActivityOutcome.Throttled);
        _activityDuration = Histogram(MetricCatalogue.ActivityDuration);
        _transitions = Counter(MetricCatalogue.Transitions);
        _timeToOffline = Histogram(MetricCatalogue.TimeToOffline);
        _sweepDuration = Histogram(MetricCatalogue.SweepDuration);
        _dueUsers = Counter(MetricCatalogue.DueUsers);
        _messages = Counter(MetricCatalogue.Messages);
        _announcementDelay = Histogram(MetricCatalogue.AnnouncementDelay);
        _storageRequests = Counter(MetricCatalogue.StorageRequests);
        _unreadableRows = Counter(MetricCatalogue.UnreadableRows);
        _signalRRequests = Counter(MetricCatalogue.SignalRRequests);
        _webhookAttempts = Counter(MetricCatalogue.WebhookAttempts);
        _webhookLag = Histogram(MetricCatalogue.WebhookLag);
        _webhooksDisabled = Counter(MetricCatalogue.WebhooksDisabled);
        _webhooksSkipped = Counter(MetricCatalogue.WebhooksSkipped);
        _truthChecks = Counter(MetricCatalogue.TruthChecks);
        _executions = StripedCounts(MetricCatalogue.Executions);
        _forecastLoss = Histogram(MetricCatalogue.ForecastLoss);
        _forecastMinutes = Counter(MetricCatalogue.ForecastMinutes);
    }

    /// <summary>What this instance has measured since it started.</summary>
    public MetricTotals Totals => _totals.Read();

    /// <summary>A request to SignalR Service was answered, or not.</summary>
    public void AskedSignalR(bool succeeded) => _signalRRequests.Add(1, succeeded ? Ok : Failed);

    /// <summary>A message was handed on.</summary>
    /// <param name="target">Its client method, one of <see cref="ClientMethod"/>.</param>
    public void HandedOn(string target) => _messages.Add(1, new KeyValuePair<string, object?>(MetricCatalogue.Target, target));

    /// <summary>A change of status was handed on so long after it was decided.</summary>
    public void Announced(TimeSpan delay) => _announcementDelay.Record(Math.Max(0, delay.TotalSeconds));

    /// <summary>A function was run: because of a call or an event of a connection, or by a timer.</summary>
    public void Executed(bool byTimer) => CountOf(_executions, byTimer ? ExecutionTrigger.Timer : ExecutionTrigger.Call).Increment();

    /// <inheritdoc/>
    public void Dispose() => _totals.Dispose();

    /// <param name="outcome">One of the outcomes of <see cref="MetricCatalogue.ActivityRequests"/>.</param>
    /// <param name="took">How long it took.</param>
    internal void ActivityHandled(string outcome, TimeSpan took)
    {
        CountOf(_activityRequests, outcome).Increment();
        _activityDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>(MetricCatalogue.Outcome, outcome));
    }

    /// <summary>A window answered a call. Most calls are such, and take less time than the clock to tell it: no listener is told of each.</summary>
    internal void ActivityThrottled() => _throttled.Increment();

    /// <summary>A call said of itself that it is no activity.</summary>
    internal void ActivityPassive() => CountOf(_activityRequests, ActivityOutcome.Passive).Increment();

    /// <summary>An entry of a batch told nothing that others do not.</summary>
    internal void ActivityIgnored() => CountOf(_activityRequests, ActivityOutcome.Ignored).Increment();

    internal void ChangedTo(PresenceStatus status) => _transitions.Add(1, new KeyValuePair<string, object?>(MetricCatalogue.Status, StatusName.Of(status)));

    internal void SetOffline(TimeSpan afterDue) => _timeToOffline.Record(Math.Max(0, afterDue.TotalSeconds));

    internal void Swept(TimeSpan took, int due, int failedShards, int shards)
    {
        var outcome = failedShards == 0 ? "complete" : failedShards < shards ? "partial" : "failed";
        _sweepDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>(MetricCatalogue.Outcome, outcome));
        _dueUsers.Add(due);
    }

    /// <param name="operation">One of the operations of <see cref="MetricCatalogue.StorageRequests"/>.</param>
    /// <param name="outcome">One of its outcomes.</param>
    internal void AskedStorage(string operation, string outcome) => _storageRequests.Add(
        1,
        new KeyValuePair<string, object?>(MetricCatalogue.Operation, operation),
        new KeyValuePair<string, object?>(MetricCatalogue.Outcome, outcome));

    /// <summary>A row that cannot be read was passed over.</summary>
    internal void PassedOverRow() => _unreadableRows.Add(1);

    internal void WebhookAttempted(bool isDelivered) =>
        _webhookAttempts.Add(1, new KeyValuePair<string, object?>(MetricCatalogue.Outcome, isDelivered ? "delivered" : "failed"));

    /// <summary>A message was delivered so long after its first event.</summary>
    internal void WebhookDelivered(TimeSpan lag) => _webhookLag.Record(Math.Max(0, lag.TotalSeconds));

    /// <param name="reason">One of the reasons of <see cref="MetricCatalogue.WebhooksDisabled"/>.</param>
    internal void WebhookDisabled(string reason) => _webhooksDisabled.Add(1, new KeyValuePair<string, object?>(MetricCatalogue.Reason, reason));

    /// <summary>A webhook was so far behind that events it was owed had been removed.</summary>
    internal void WebhookSkipped() => _webhooksSkipped.Add(1);

    /// <param name="isHere">What is shown of the user.</param>
    /// <param name="outcome">One of <see cref="CheckOutcome"/>.</param>
    internal void CheckedTruth(bool isHere, string outcome) => _truthChecks.Add(
        1,
        new KeyValuePair<string, object?>(MetricCatalogue.Shown, isHere ? ShownAs.Here : ShownAs.Gone),
        new KeyValuePair<string, object?>(MetricCatalogue.Outcome, outcome));

    /// <summary>A week that was forecast is over: how far the forecast was off, and how far the base rate, by Brier's score.</summary>
    internal void ForecastJudged(double forecast, double baseRate)
    {
        _forecastLoss.Record(forecast, new KeyValuePair<string, object?>(MetricCatalogue.Model, MetricCatalogue.ForecastModel));
        _forecastLoss.Record(baseRate, new KeyValuePair<string, object?>(MetricCatalogue.Model, MetricCatalogue.BaseRateModel));
    }

    /// <param name="probability">One of the probabilities of <see cref="MetricCatalogue.ForecastMinutes"/>.</param>
    /// <param name="here">In how many of the hours for which it was held the user was here, by their shares.</param>
    /// <param name="hours">How many hours those are.</param>
    internal void ForecastCameTrue(string probability, double here, int hours)
    {
        var minutes = (long)Math.Round(here * 60);
        AddMinutes("here", minutes);
        AddMinutes("gone", (hours * 60L) - minutes);

        void AddMinutes(string outcome, long count) => _forecastMinutes.Add(
            count,
            new KeyValuePair<string, object?>(MetricCatalogue.Probability, probability),
            new KeyValuePair<string, object?>(MetricCatalogue.Outcome, outcome));
    }

    internal void ObserveThrottleEntries(Func<long> count) => Gauge(MetricCatalogue.ThrottleEntries, () => [new(count())]);

    internal void ObservePendingAnnouncements(Func<long> count) => Gauge(MetricCatalogue.PendingAnnouncements, () => [new(count())]);

    /// <param name="counts">How many users of one kind have one status, as last counted; none while that is not known.</param>
    internal void ObserveUsers(Func<IEnumerable<(string Kind, string Status, long Users)>> counts) => Gauge(
        MetricCatalogue.Users,
        () => counts().Select(c => new Measurement<long>(c.Users, new(MetricCatalogue.Kind, c.Kind), new(MetricCatalogue.Status, c.Status))));

    /// <param name="amounts">The bill of the month by kind, in US dollars; none while it is not known.</param>
    internal void ObserveCost(Func<IEnumerable<(string Kind, double Dollars)>> amounts) => _meter.CreateObservableGauge(
        MetricCatalogue.Cost.Name,
        () => amounts().Select(a => new Measurement<double>(a.Dollars, new KeyValuePair<string, object?>(MetricCatalogue.Kind, a.Kind))),
        MetricCatalogue.Cost.Unit,
        MetricCatalogue.Cost.Description);

    /// <param name="step">The step of economy; none while this instance is not the one that decides on it.</param>
    internal void ObserveEconomy(Func<Economy?> step) =>
        Gauge(MetricCatalogue.EconomyStep, () => step() is { } economy ? [new((long)economy)] : []);

    private static StripedCount CountOf(ImmutableArray<(string Value, StripedCount Count)> counts, string value)
    {
        foreach (var (counted, count) in counts)
        {
            if (counted == value)
            {
                return count;
            }
        }

        throw new InvalidOperationException($"There is nothing called {value}.");
    }

    private Counter<long> Counter(MetricDefinition metric) => _meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Description);

    /// <summary>A counter with one attribute that is raised often.</summary>
    private ImmutableArray<(string Value, StripedCount Count)> StripedCounts(MetricDefinition metric)
    {
        var attribute = metric.Attributes[0];
        ImmutableArray<(string Value, StripedCount Count)> counts = [.. attribute.Values.Select(value => (value, new StripedCount()))];
        _meter.CreateObservableCounter(metric.Name, Measure, metric.Unit, metric.Description);
        return counts;

        // What never happened has no series.
        IEnumerable<Measurement<long>> Measure() =>
            counts.Where(c => c.Count.Sum > 0).Select(c => new Measurement<long>(c.Count.Sum, new KeyValuePair<string, object?>(attribute.Name, c.Value)));
    }

    private Histogram<double> Histogram(MetricDefinition metric) => _meter.CreateHistogram(
        metric.Name, metric.Unit, metric.Description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = metric.Buckets });

    private void Gauge(MetricDefinition metric, Func<IEnumerable<Measurement<long>>> observe) =>
        _meter.CreateObservableGauge(metric.Name, observe, metric.Unit, metric.Description);
}
