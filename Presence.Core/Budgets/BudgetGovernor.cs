using Microsoft.Extensions.Logging;
using Presence.Core.Costs;
using Presence.Core.Domain;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;
using Presence.Core.Reports;

namespace Presence.Core.Budgets;

/// <summary>
/// Adds up what the month costs, forecasts its bill, and decides on the step of economy for all instances: one of them, at the pace of the
/// census, for three requests.
/// </summary>
public sealed partial class BudgetGovernor
{
    /// <summary>What another instance decided so lately holds.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(20);

    /// <summary>The one that decided last tells the metrics, as long as no other has had its turn since.</summary>
    private static readonly TimeSpan ToldFor = TimeSpan.FromMinutes(3);

    private readonly SharedMetrics _shared;
    private readonly IBudgetStore _store;
    private readonly SettingsInForce _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<BudgetGovernor> _logger;
    private volatile BudgetRecord? _last;

    /// <summary>Creates the governor of an instance.</summary>
    public BudgetGovernor(
        SharedMetrics shared, IBudgetStore store, SettingsInForce settings, PresenceMetrics metrics, TimeProvider time, ILogger<BudgetGovernor> logger)
    {
        (_shared, _store, _settings, _time, _logger) = (shared, store, settings, time, logger);
        metrics.ObserveCost(() => Current is { } record ? CostStats.AmountsOf(record, settings.Value) : []);
        metrics.ObserveEconomy(() => Current?.StepAt(time.GetUtcNow()));
    }

    private BudgetRecord? Current => _last is { } last && _time.GetUtcNow() - last.DecidedAt <= ToldFor ? last : null;

    /// <summary>Decides, unless another instance has just done so.</summary>
    /// <param name="census">Who is here.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task RunAsync(Census census, CancellationToken cancellationToken)
    {
        using var span = Tracing.StartBudget();
        try
        {
            await DecideAsync(census, cancellationToken);
        }
        catch (Exception)
        {
            span.Failed();
            throw;
        }
    }

    private async Task DecideAsync(Census census, CancellationToken cancellationToken)
    {
        var kept = await _store.FindAsync(cancellationToken);
        var now = _time.GetUtcNow();
        if (kept?.Record is { } last && now - last.DecidedAt < Least && last.DecidedAt <= now)
        {
            return;
        }

        var totals = await _shared.SumAsync(cancellationToken);
        var users = census.Online + census.Away + census.OnlineAnonymous + census.AwayAnonymous;
        var next = BudgetRecord.Next(kept?.Record, totals, users, _settings.Value, now);
        if (!await _store.TryKeepAsync(next, kept?.Tag, cancellationToken))
        {
            return;
        }

        _last = next;
        if (kept?.Record is { } before && before.Step != next.Step)
        {
            LogStep(EconomyName.Of(before.Step), EconomyName.Of(next.Step), next.Forecast?.Expected ?? 0, _settings.Value.MonthlyBudget);
        }

        if (_settings.Value.MonthlyBudget > 0)
        {
            _settings.Take(next.StepAt(now));
        }
    }

    [LoggerMessage(
        EventName = "EconomyChanged", Level = LogLevel.Warning,
        Message = "The economy goes from {Before} to {After}: the month is expected to cost {Expected:F2} USD, of a budget of {Budget:F2} (0: none).")]
    private partial void LogStep(string before, string after, double expected, double budget);
}
