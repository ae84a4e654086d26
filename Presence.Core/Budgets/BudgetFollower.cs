using Microsoft.Extensions.Hosting;
using Presence.Core.Metrics;
using Presence.Core.Options;
using Presence.Core.Ports;

namespace Presence.Core.Budgets;

/// <summary>
/// Takes over the step of economy that has been decided on: one request a minute, where there is a budget, and none where there is not. While
/// storage is out of reach the last step holds.
/// </summary>
public sealed class BudgetFollower(IBudgetStore store, SettingsInForce settings, TimeProvider time) : BackgroundService
{
    /// <summary>How far an instance may lag behind.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Takes over what has been decided.</summary>
    /// <exception cref="StoreUnavailableException">The storage is out of reach.</exception>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (settings.Value.MonthlyBudget <= 0)
        {
            return;
        }

        using var span = Tracing.StartBudget();
        try
        {
            if (await store.FindAsync(cancellationToken) is { Record: { } record })
            {
                settings.Take(record.StepAt(time.GetUtcNow()));
            }
        }
        catch (Exception)
        {
            span.Failed();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Value.MonthlyBudget <= 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await TryFollowAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The instance ends.
        }
    }

    private async Task TryFollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FollowAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Logged by the table.
        }
    }
}
